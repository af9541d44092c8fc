import Foundation
import IDInit
import TestSupport

@testable import ModelFiles

/// The programs of Tests/Fixtures/ExportedProgram, which scripts/golden/exported_programs.py wrote.
enum ProgramFixture {
  static let names = [
    "resnet-train", "resnet-eval", "resnet-decomposed", "transformer", "transformer-decomposed", "gpt", "lstm",
    "in-place", "split", "buffers", "strided", "reused", "dynamic", "scopes", "operations", "bfloat16", "meta",
  ]

  static func path(_ name: String, _ ending: String = "pt2") -> String {
    packageFolder.appendingPathComponent("Tests/Fixtures/ExportedProgram/\(name).\(ending)").path
  }

  /// What Python says about the program: its operations as `ExportedProgram.graph` has them, not as the file does.
  static func contents(_ name: String) throws -> ProgramContents {
    try JSONDecoder().decode(ProgramContents.self, from: Data(contentsOf: URL(fileURLWithPath: path(name, "json"))))
  }
}

struct ProgramContents: Decodable {
  struct Node: Decodable, Equatable {
    var operation: String
    var module: String?
    var outputs: [String]
    var shapes: [[Int]]
    var dtypes: [String]
    /// The tensors that it reads, each once.
    var inputs: [String]
    /// At their places in the schema, defaults as nil; nil where there is no schema.
    var arguments: [Argument?]?
  }

  /// A tensor's name, the names of a list of tensors, or "…" for anything else.
  enum Argument: Decodable, Equatable {
    case one(String)
    case several([String])

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let name = try? container.decode(String.self) {
        self = .one(name)
      } else {
        self = .several(try container.decode([String].self))
      }
    }
  }

  var torch: String
  var nodes: [Node]
  /// By path, the name in the graph.
  var parameters: [String: String]
  var buffers: [String: String]
  var persistent: [String]
  var inputs: [String]
  var outputs: [String]
}

extension NetworkGraph {
  func name(_ id: ValueID) -> String { self[id].name }

  /// A node as Python's description has it.
  func contents(of node: Node) -> ProgramContents.Node {
    var inputs: [String] = []
    for id in node.inputs where !inputs.contains(name(id)) { inputs.append(name(id)) }
    return ProgramContents.Node(
      operation: node.operation, module: node.module, outputs: node.outputs.map(name),
      shapes: node.outputs.map { self[$0].shape }, dtypes: node.outputs.map { self[$0].dtype?.rawValue ?? "?" },
      inputs: inputs,
      arguments: node.arguments.map { argument in
        switch argument {
        case .none: nil
        case .value(let id): .one(name(id))
        case .values(let ids): .several(ids.map(name))
        default: .one("…")
        }
      })
  }
}
