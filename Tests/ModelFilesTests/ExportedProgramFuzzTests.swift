import Foundation
import TestSupport
import Testing

@testable import ModelFiles

/// What the fuzzer found, Tests/Fuzz/ExportedProgramCorpus: see Tests/Fuzz/ExportedProgramFuzz.swift for its form.
struct ExportedProgramFuzzTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test("everything the fuzzer kept is read or refused in one line")
  func corpus() throws {
    let corpus = packageFolder.appendingPathComponent("Tests/Fuzz/ExportedProgramCorpus")
    let names = try FileManager.default.contentsOfDirectory(atPath: corpus.path)
    #expect(names.count >= 50)
    var (read, refused) = (0, Set<String>())
    for name in names {
      let input = try bytesOf(corpus.appendingPathComponent(name).path)
      let path = try folder.write(input.first == 0 ? Array(input.dropFirst()) : archive(input.dropFirst()), to: "p.pt2")
      do throws(ExportedProgramError) {
        let program = try ExportedProgram(path: path)
        read += 1
        for node in program.graph.nodes {
          #expect(node.inputs.allSatisfy { id in node.outputs.allSatisfy { id < $0 } }, "\(name)")
        }
        for tensor in program.tensors where tensor.storage == .values && tensor.count < 10_000 {
          var buffer = [UInt8](repeating: 0, count: tensor.count * tensor.dtype.byteCount)
          try buffer.withUnsafeMutableBytesKeepingError { (bytes) throws(ExportedProgramError) in
            try program.read(tensor, range: 0..<tensor.count, into: bytes)
          }
        }
      } catch {
        refused.insert(String(error.description.dropFirst(path.utf8.count).prefix(30)))
        #expect(!error.description.utf8.contains(0x0A), "\(name)")
        #expect(error.description.hasPrefix(path), "\(name)")
      }
    }
    #expect(read >= 10)
    // Of many kinds.
    #expect(refused.count >= 20)
  }

  /// The archive that the fuzzer's entry builds around a program's text.
  private func archive(_ input: ArraySlice<UInt8>) -> [UInt8] {
    let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    return ZipBuilder([
      .init("m/data/weights/weight_0", (0..<64).map { UInt8($0) }), .init("m/data/weights/weight_1", ""),
      .init(
        "m/data/weights/model_weights_config.json", parts.count > 1 ? Array(parts[1]) : Array(#"{"config":{}}"#.utf8)),
      .init("m/models/model.json", parts.first.map(Array.init) ?? []),
      .init("m/archive_format", "pt2"), .init("m/archive_version", "0"),
    ]).bytes
  }
}

extension Array where Element == UInt8 {
  /// `withUnsafeMutableBytes` that keeps the type of the error.
  fileprivate mutating func withUnsafeMutableBytesKeepingError<E: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(E) -> Void
  ) throws(E) {
    let outcome: Result<Void, E> = withUnsafeMutableBytes { bytes in Result { () throws(E) in try body(bytes) } }
    try outcome.get()
  }
}
