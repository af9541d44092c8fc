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
      state = try Self.state(of: file)
      tensors = try TensorFile.read(file)
    } catch {
      throw Self.unusable(LabError(wrapping: error))
    }
  }

  /// Where the training of the checkpoint at `url` stands; its tensors are not read.
  ///
  /// - Returns: The state, or nil if there is no checkpoint that can be read.
  static func state(at url: URL) -> State? {
    guard let file = try? SafetensorsFile(path: url.path) else { return nil }
    return try? state(of: file)
  }

  private static func state(of file: SafetensorsFile) throws(LabError) -> State {
    if file.metadata["state"] != nil, file.metadata["checkpoint"] != format {
      throw LabError(
        .data,
        "\(file.path): a checkpoint of format \(file.metadata["checkpoint"] ?? "1"), from another version of this program; "
          + "expected format \(format)")
    }
    guard let text = file.metadata["state"], let state = try? JSONDecoder().decode(State.self, from: Data(text.utf8))
    else { throw LabError(.data, "\(file.path): expected metadata \"state\" with epoch, step and sums") }
    return state
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
