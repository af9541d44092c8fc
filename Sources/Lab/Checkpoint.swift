import Foundation
import ModelFiles
import OrderedCollections
import Torch

/// What an unfinished training needs to go on, in one safetensors file that is replaced as a whole: every tensor of the
/// network (`model.*`) and of the optimiser (`optimizer.*`), and where in the data the training stands (metadata
/// `state`, JSON).
struct Checkpoint {
  /// Where a training stands; numbers are exact.
  struct State: Codable, Equatable {
    /// The epoch that is being trained, from 1.
    var epoch: Int
    /// Steps of it that are done.
    var step: Int
    /// Sums over those steps.
    var lossSum = 0.0
    var correct = 0
    var seen = 0
    /// Whole lines of `metrics.jsonl` that belong to this state.
    var metricsLines: Int
    /// Seconds of training so far, and of this epoch.
    var seconds = 0.0
    var epochSeconds = 0.0
  }

  var state: State
  var tensors: OrderedDictionary<String, Tensor>

  func write(to url: URL) throws {
    let json = try JSONEncoder().encode(state)
    try TensorFile.write(tensors, to: url, metadata: ["state": String(decoding: json, as: UTF8.self)])
  }

  /// Reads the state, and the tensors' bytes into the tensors that are there.
  /// - Throws: `LabError` (`.data`) if the file is no checkpoint of such a network.
  static func read(_ url: URL, into tensors: OrderedDictionary<String, Tensor>) throws -> State {
    let file = try SafetensorsFile(path: url.path)
    guard let text = file.metadata["state"],
      let state = try? JSONDecoder().decode(State.self, from: Data(text.utf8))
    else {
      throw LabError(.data, "\(url.path) is no checkpoint: it has no readable metadata \"state\"; remove it to start again")
    }
    try TensorFile.read(file, into: tensors)
    return state
  }
}

/// Tensors to safetensors and back.
public enum TensorFile {
  public static func write(
    _ tensors: OrderedDictionary<String, Tensor>, to url: URL, metadata: [String: String] = [:]
  ) throws {
    let entries = try tensors.map { (name: $0.key, dtype: try fileType($0.value.dtype, $0.key), shape: $0.value.shape) }
    let writer = try SafetensorsWriter(path: url.path, tensors: entries, metadata: metadata)
    for (name, tensor) in tensors {
      let local = try tensor.detached().to(.cpu).contiguous()
      try local.withUnsafeBytes { bytes in try writer.write(name, bytes: bytes) }
    }
    try writer.finish()
  }

  /// Fills tensors in place from the file's tensors of the same names, types and shapes; there must be no others.
  public static func read(_ file: SafetensorsFile, into tensors: OrderedDictionary<String, Tensor>) throws {
    for entry in file.tensors where tensors[entry.name] == nil {
      throw LabError(.data, "\(file.path) has a tensor \(entry.name), which the network and its optimiser do not have")
    }
    for (name, tensor) in tensors {
      let entry = try file.tensor(name)
      guard entry.dtype == (try fileType(tensor.dtype, name)), entry.shape == tensor.shape else {
        throw LabError(
          .data, "\(file.path): \(name) is \(entry.dtype) \(entry.shape); expected \(tensor.dtype) \(tensor.shape)")
      }
      let local = try Tensor.empty(tensor.shape, dtype: tensor.dtype)
      try local.withUnsafeMutableBytes { try file.read(name, into: $0) }
      try withoutGradient { try tensor.copy(from: local) }
    }
  }

  private static func fileType(_ dtype: DType, _ name: String) throws -> SafetensorsDType {
    switch dtype {
    case .float32: .f32
    case .float64: .f64
    case .float16: .f16
    case .bfloat16: .bf16
    case .int64: .i64
    case .int32: .i32
    case .uint8: .u8
    case .bool: .bool
    }
  }
}
