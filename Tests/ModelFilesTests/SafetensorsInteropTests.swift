import Foundation
import Testing
import TestSupport

@testable import ModelFiles

/// What Python's safetensors wrote (scripts/golden/safetensors), and what the fuzzer found.
struct SafetensorsInteropTests {
  @Test("a file of Python's: every type, a scalar, an empty tensor, a name in another script")
  func python() throws {
    let file = try SafetensorsFile(
      path: packageFolder.appendingPathComponent("Tests/Fixtures/Safetensors/python.safetensors").path)
    #expect(file.metadata == ["format": "pt"])
    #expect(file.tensors.count == 15)
    func numbers<T: BitwiseCopyable>(_ name: String, _: T.Type) throws -> [T] {
      try file.withBytes(of: name) { bytes in
        (0..<bytes.count / MemoryLayout<T>.size).map {
          bytes.loadUnaligned(fromByteOffset: $0 * MemoryLayout<T>.size, as: T.self)
        }
      }
    }
    #expect(try numbers("every/float32", Float.self) == [0, 1, 2, 3, 4, 5])
    #expect(try numbers("every/float64", Double.self) == [0, 1, 2, 3, 4, 5])
    #expect(try numbers("every/int64", Int64.self) == [0, 1, 2, 3, 4, 5])
    #expect(try numbers("every/int32", Int32.self) == [0, 1, 2, 3, 4, 5])
    #expect(try numbers("every/int16", Int16.self) == [0, 1, 2, 3, 4, 5])
    #expect(try numbers("every/int8", Int8.self) == [0, 1, 2, 3, 4, 5])
    #expect(try numbers("every/uint8", UInt8.self) == [0, 1, 2, 3, 4, 5])
    #expect(try numbers("every/bool", UInt8.self) == [0, 1, 0, 1, 0, 1])
    // 0, 1, 2, 3, 4, 5 in binary16, bfloat16 and the two 8-bit types.
    #expect(try numbers("every/float16", UInt16.self) == [0, 0x3C00, 0x4000, 0x4200, 0x4400, 0x4500])
    #expect(try numbers("every/bfloat16", UInt16.self) == [0, 0x3F80, 0x4000, 0x4040, 0x4080, 0x40A0])
    #expect(try numbers("every/float8_e4m3fn", UInt8.self) == [0, 0x38, 0x40, 0x44, 0x48, 0x4A])
    #expect(try numbers("every/float8_e5m2", UInt8.self) == [0, 0x3C, 0x40, 0x42, 0x44, 0x45])
    #expect(try numbers("scalar", Float.self) == [2.5])
    #expect(try file.tensor("scalar").shape == [])
    #expect(try file.tensor("empty").shape == [3, 0, 2])
    #expect(try numbers("empty", Float.self) == [])
    #expect(try numbers("层.0.weight \"é\"", Float.self) == [1.5, -2])
    #expect(try file.tensor("every/bfloat16").shape == [2, 3])
  }

  @Test("everything the fuzzer kept is read or refused in one line")
  func fuzzCorpus() throws {
    let folder = packageFolder.appendingPathComponent("Tests/Fuzz/SafetensorsCorpus")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(files.count >= 5)
    let errors = files.compactMap { refusal(of: folder.appendingPathComponent($0).path) }
    #expect(!errors.isEmpty && errors.count < files.count)
    for error in errors { #expect(!error.description.utf8.contains(0x0A)) }
  }

  /// Why a file is refused; nil for one that can be read to its end.
  private func refusal(of path: String) -> SafetensorsError? {
    do throws(SafetensorsError) {
      let file = try SafetensorsFile(path: path)
      for tensor in file.tensors {
        let count = try file.bytes(of: tensor.name).count
        #expect(count == tensor.byteCount)
      }
      return nil
    } catch {
      return error
    }
  }
}
