import Foundation
import ModelFiles
import OrderedCollections
import Synchronization
import TestSupport
import Torch

/// What a script of Tests/Interop, run once for all tests, wrote of PyTorch's own networks.
struct PyTorchNetworks: Sendable {
  /// What stands in the way of a comparison; it fails, since a comparison that is skipped in silence is none.
  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private static let images = Result { () throws(Failure) in try PyTorchNetworks(script: "networks.py") }
  private static let texts = Result { () throws(Failure) in try PyTorchNetworks(script: "text_networks.py") }

  /// The networks for images.
  ///
  /// - Throws: ``Failure`` if Python cannot be run or fails, with its words.
  static func all() throws -> PyTorchNetworks { try images.get() }

  /// The networks for text.
  ///
  /// - Throws: ``Failure`` if Python cannot be run or fails, with its words.
  static func text() throws -> PyTorchNetworks { try texts.get() }

  let folder: URL

  private init(script name: String) throws(Failure) {
    do { folder = try Self.write(name) } catch let failure as Failure { throw failure } catch {
      throw Failure(description: "\(error)")
    }
  }

  private static func write(_ name: String) throws -> URL {
    let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
      .standardized
    let environment = ProcessInfo.processInfo.environment
    let deps = environment["IDINIT_DEPS"].flatMap { $0.isEmpty ? nil : URL(fileURLWithPath: $0) }
    let python = (deps ?? package.appendingPathComponent(".deps")).appendingPathComponent("venv/bin/python")
    guard FileManager.default.isExecutableFile(atPath: python.path) else {
      throw Failure(description: "\(python.path): not there; scripts/bootstrap makes it, with PyTorch in it")
    }
    // Removed at the end of the process, not of the last test: tests run in any order.
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("idinit-\(name)-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    Self.removeAtExit(folder)
    let script = package.appendingPathComponent("Tests/Interop/\(name)")
    let result = try run(python, ["-B", script.path, folder.path], environment: environment)
    guard result.status == 0 else {
      throw Failure(description: "\(script.path) ended with status \(result.status): \(result.standardError)")
    }
    return folder
  }

  private static func removeAtExit(_ folder: URL) {
    let isFirst = removed.withLock { folders in
      folders.append(folder)
      return folders.count == 1
    }
    guard isFirst else { return }
    atexit {
      for folder in PyTorchNetworks.removed.withLock({ $0 }) { try? FileManager.default.removeItem(at: folder) }
    }
  }

  private static let removed = Mutex<[URL]>([])

  func program(_ name: String) throws -> ExportedProgram {
    try ExportedProgram(path: folder.appendingPathComponent("\(name).pt2").path)
  }

  func network(_ name: String) throws -> PyTorchNetwork {
    try PyTorchNetwork(path: folder.appendingPathComponent("\(name).safetensors").path)
  }
}

/// One network's weights, input and results.
struct PyTorchNetwork {
  /// The parameters' names in PyTorch's order.
  let parameterNames: [String]
  let tensors: OrderedDictionary<String, Tensor>

  init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    var tensors: OrderedDictionary<String, Tensor> = [:]
    for entry in file.tensors {
      let tensor = try Tensor.empty(entry.shape, dtype: entry.dtype == .i64 ? .int64 : .float32)
      try tensor.withUnsafeMutableBytes { try file.read(entry.name, into: $0) }
      tensors[entry.name] = tensor
    }
    self.tensors = tensors
    parameterNames = (file.metadata["parameters"] ?? "").split(separator: "\n").map(String.init)
  }

  subscript(name: String) -> Tensor? { tensors[name] }

  /// The tensors whose names begin with `prefix` and a dot, without them.
  func group(_ prefix: String) -> OrderedDictionary<String, Tensor> {
    var group: OrderedDictionary<String, Tensor> = [:]
    for (name, tensor) in tensors where name.hasPrefix(prefix + ".") {
      group[String(name.dropFirst(prefix.count + 1))] = tensor
    }
    return group
  }
}
