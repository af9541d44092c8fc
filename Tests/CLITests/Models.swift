import Foundation
import IDInit
import ModelFiles
import TestSupport

/// The path of a committed model, from Tests/Fixtures/CLI or Tests/Fixtures/ExportedProgram.
func model(_ name: String) -> String {
  let fixtures = packageFolder.appendingPathComponent("Tests/Fixtures")
  let own = fixtures.appendingPathComponent("CLI/\(name).pt2").path
  return FileManager.default.fileExists(atPath: own)
    ? own : fixtures.appendingPathComponent("ExportedProgram/\(name).pt2").path
}

/// What Python's `state_dict()` of that model holds.
func stateDictionary(_ name: String) throws -> SafetensorsFile {
  try SafetensorsFile(
    path: packageFolder.appendingPathComponent("Tests/Fixtures/ExportedProgram/\(name).safetensors").path)
}

/// Every committed model that is small enough to be written.
let allModels: [String] = {
  let folders = ["CLI", "ExportedProgram"].map { packageFolder.appendingPathComponent("Tests/Fixtures/\($0)").path }
  let files = folders.flatMap { (try? FileManager.default.contentsOfDirectory(atPath: $0)) ?? [] }
  return files.filter { $0.hasSuffix(".pt2") && $0 != "huge-meta.pt2" }.map { String($0.dropLast(4)) }.sorted()
}()

/// The tensor's bytes as numbers.
func numbers(_ file: SafetensorsFile, _ name: String) throws -> [Double] {
  let entry = try file.tensor(name)
  let bytes = try file.bytes(of: name)
  return bytes.withUnsafeBytes { raw in
    (0..<entry.byteCount * 8 / entry.dtype.bitCount).map { index in
      switch entry.dtype {
      case .f32: Double(raw.loadUnaligned(fromByteOffset: 4 * index, as: Float.self))
      case .f64: raw.loadUnaligned(fromByteOffset: 8 * index, as: Double.self)
      case .bf16: BFloat16(bitPattern: raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)).asDouble
      case .f16: Half(bitPattern: raw.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self)).asDouble
      case .i64: Double(raw.loadUnaligned(fromByteOffset: 8 * index, as: Int64.self))
      default: .nan
      }
    }
  }
}

/// What `plan --json` prints.
struct PlannedJSON: Decodable {
  struct Parameter: Decodable {
    struct Part: Decodable {
      var role: String
      var rows: [[Int]]
    }
    var name: String
    var shape: [Int]
    var dtype: String?
    var role: String
    var rule: String
    var gain: Double?
    var epsilon: Double?
    var reason: String
    var tied: String?
    var parts: [Part]?
  }
  struct Block: Decodable {
    var add: String
    var stem: String
    var shortcut: String
    var last: [String]
  }
  var model: String
  var method: String
  var seed: UInt64
  var parameters: [Parameter]
  var blocks: [Block]
  var notes: [String]

  subscript(name: String) -> Parameter? { parameters.first { $0.name == name } }
}

func plannedJSON(_ arguments: String...) throws -> PlannedJSON {
  let result = try run(idinitBinary, ["plan"] + arguments + ["--json"])
  guard result.status == 0, result.standardError.isEmpty else { throw UnexpectedResult(result: result) }
  return try JSONDecoder().decode(PlannedJSON.self, from: Data(result.standardOutput.utf8))
}

struct UnexpectedResult: Error {
  var result: ProgramResult
}
