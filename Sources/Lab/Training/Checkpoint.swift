import Foundation
import ModelFiles
import OrderedCollections
import Torch

/// What an unfinished training needs to go on, in one safetensors file that is replaced as a whole: every tensor of the
/// network (`model.*`), of the optimisers (`optimizer.0.*`, `optimizer.1.*` …) and of the averaged weights (`ema.*`), the
/// states of the network's random generators (`generator.*`, by the path of the module that draws), and where in the data
/// the training stands (metadata `state`, JSON). Metadata `checkpoint` is the format's number: a file of another is refused.
struct Checkpoint {
  /// Where a training stands; numbers are exact.
  struct State: Codable, Equatable {
    /// The epoch that is being trained, from 1.
    var epoch: Int
    /// Steps of it that are done.
    var step: Int
    /// Sums over those steps.
    var lossSum = 0.0
    /// Right answers; of mixed images their two classes' shares.
    var correct = 0.0
    var seen = 0
    /// Whole lines of `metrics.jsonl` that belong to this state.
    var metricsLines: Int
    /// Seconds of training so far, and of this epoch.
    var seconds = 0.0
    var epochSeconds = 0.0
  }

  var state: State
  var tensors: OrderedDictionary<String, Tensor>

  /// 2: optimisers are numbered.
  static let format = "2"

  func write(to url: URL) throws {
    let json = try JSONEncoder().encode(state)
    try TensorFile.write(
      tensors, to: url, metadata: ["checkpoint": Self.format, "state": String(decoding: json, as: UTF8.self)])
  }

  /// - Throws: `LabError` (`.data`) if the file is no checkpoint.
  init(reading url: URL) throws(LabError) {
    do {
      let file = try SafetensorsFile(path: url.path)
      if file.metadata["state"] != nil, file.metadata["checkpoint"] != Self.format {
        throw LabError(
          .data,
          "\(url.path): a checkpoint of format \(file.metadata["checkpoint"] ?? "1"), from another version of this program; "
            + "expected format \(Self.format)")
      }
      guard let text = file.metadata["state"],
        let state = try? JSONDecoder().decode(State.self, from: Data(text.utf8))
      else { throw LabError(.data, "\(url.path): expected metadata \"state\" with epoch, step and sums") }
      self.state = state
      tensors = try TensorFile.read(file)
    } catch {
      throw Self.unusable(LabError(wrapping: error))
    }
  }

  /// What is wrong with a checkpoint, with what to do about it.
  static func unusable(_ problem: LabError) -> LabError {
    LabError(problem.kind, "\(problem.message); remove that checkpoint to start the run again")
  }

  init(state: State, tensors: OrderedDictionary<String, Tensor>) {
    self.state = state
    self.tensors = tensors
  }

  /// The tensors whose names begin with `prefix`, without it.
  func tensors(of prefix: String) -> OrderedDictionary<String, Tensor> {
    var part: OrderedDictionary<String, Tensor> = [:]
    for (name, tensor) in tensors where name.hasPrefix(prefix) { part[String(name.dropFirst(prefix.count))] = tensor }
    return part
  }
}

/// Tensors to safetensors and back.
public enum TensorFile {
  public static func write(
    _ tensors: OrderedDictionary<String, Tensor>, to url: URL, metadata: [String: String] = [:]
  ) throws {
    let entries = tensors.map { (name: $0.key, dtype: fileType($0.value.dtype), shape: $0.value.shape) }
    let writer = try SafetensorsWriter(path: url.path, tensors: entries, metadata: metadata)
    for (name, tensor) in tensors {
      let local = try tensor.detached().to(.cpu).contiguous()
      try local.withUnsafeBytes { bytes in try writer.write(name, bytes: bytes) }
    }
    try writer.finish()
  }

  /// The file's tensors, on the CPU.
  public static func read(_ file: SafetensorsFile) throws -> OrderedDictionary<String, Tensor> {
    var tensors: OrderedDictionary<String, Tensor> = [:]
    for entry in file.tensors {
      guard let dtype = DType.allCases.first(where: { fileType($0) == entry.dtype }) else {
        throw LabError(.data, "\(file.path): \(entry.name) is \(entry.dtype), which the engine has no type for")
      }
      let tensor = try Tensor.empty(entry.shape, dtype: dtype)
      try tensor.withUnsafeMutableBytes { try file.read(entry.name, into: $0) }
      tensors[entry.name] = tensor
    }
    return tensors
  }

  private static func fileType(_ dtype: DType) -> SafetensorsDType {
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
