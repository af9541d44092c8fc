import Foundation
import OrderedCollections
import Torch

/// How a training begins, goes on, and is saved.
extension Trainer {
  /// Checks settings, data and network against each other before anything is written.
  func validate() throws(LabError) {
    try groups.validate(for: network)
    try settings.validate()
    try task.validate()
  }

  func resume() throws {
    let record = context.record
    if FileManager.default.fileExists(atPath: record.checkpointURL.path) {
      try load(try Checkpoint(reading: record.checkpointURL), from: record.checkpointURL)
      try record.metrics.keep(first: state.metricsLines)
      context.report(.began) {
        $0.fraction = fraction
        $0.detail = "goes on in epoch \(state.epoch) of \(settings.epochs), step \(state.step)"
      }
      lastCheckpoint = clock.now
    } else {
      try record.restart()
      context.report(.began)
      let start = try measure()
      let row: Row = [
        "epoch": 0, "testLoss": .double(start.loss), "testAccuracy": .double(start.accuracy),
      ]
      try record.metrics.append(
        row.appending(start.parts).appending(task.notes(ofEpoch: 0)).appending(try observation(of: 0)))
      state.metricsLines = 1
      // A run that diverges early leaves this behind, at least.
      try writeCheckpoint()
    }
  }

  private func load(_ checkpoint: Checkpoint, from url: URL) throws(LabError) {
    try checkpoint.state.validate(
      epochs: settings.epochs, task: task, in: url)
    state = checkpoint.state
    do {
      let prefixes = ["model.", "generator.", "ema."] + groups.indices.map { "optimizer.\($0)." }
      let unknown = checkpoint.tensors.keys.filter { name in !prefixes.contains(where: name.hasPrefix) }
      guard unknown.isEmpty else {
        throw LabError(
          .data,
          "\(unknown.joined(separator: ", ")): a training of \(groups.count) groups of parameters has no such state")
      }
      try network.load(checkpoint.tensors(of: "model."))
      for (index, group) in groups.enumerated() {
        try group.optimizer.load(state: checkpoint.tensors(of: "optimizer.\(index)."))
      }
      let averages = checkpoint.tensors(of: "ema.")
      guard average != nil || averages.isEmpty else {
        throw LabError(.data, "averaged weights (ema.*), in a training that averages none")
      }
      try average?.load(averages)
      let states = checkpoint.tensors(of: "generator.")
      let generators = network.generators
      guard Set(states.keys) == Set(generators.keys) else {  // a file has its names in an order of its own
        let (found, expected) = (states.keys.joined(separator: ", "), generators.keys.joined(separator: ", "))
        throw LabError(.data, "generator states of [\(found)]; expected those of [\(expected)]")
      }
      for (path, generator) in generators {
        if let state = states[path] { try generator.restore(try state.array(of: UInt8.self)) }
      }
    } catch {
      // Whatever libtorch refuses here, the file is what is wrong.
      throw Checkpoint.unusable(LabError(.data, "\(url.path): \(LabError(wrapping: error).message)"))
    }
  }

  var isCheckpointDue: Bool { seconds(clock.now - lastCheckpoint) >= context.options.checkpointSeconds }

  /// Saves where the training stands, unless the last update broke the weights: then the checkpoint before, from which
  /// the same end is reached again, is worth more.
  ///
  /// Weights alone are looked at: an infinite running variance or second moment makes what is divided by it 0, and the
  /// training goes on, possibly to its end, with a state that must be saved.
  func writeCheckpoint() throws {
    defer { lastCheckpoint = clock.now }
    guard try Divergence.brokenParameters(of: network).isEmpty else { return }
    try Checkpoint(state: state, tensors: try allTensors()).write(to: context.record.checkpointURL)
  }

  /// The checkpoint that the record has, by its place in the training.
  var keptCheckpoint: (epoch: Int, step: Int, name: String)? {
    let url = context.record.checkpointURL
    guard let state = Checkpoint.state(at: url) else { return nil }
    return (state.epoch, state.step, url.lastPathComponent)
  }

  private func allTensors() throws -> OrderedDictionary<String, Tensor> {
    var all: OrderedDictionary<String, Tensor> = [:]
    for (name, tensor) in tensors(of: network) { all["model.\(name)"] = tensor }
    for (index, group) in groups.enumerated() {
      for (name, tensor) in try group.optimizer.state { all["optimizer.\(index).\(name)"] = tensor }
    }
    for (name, tensor) in average?.averages ?? [:] { all["ema.\(name)"] = tensor }
    for (path, generator) in network.generators { all["generator.\(path)"] = try Tensor(try generator.state()) }
    return all
  }

  func tensors(of network: any Module) -> OrderedDictionary<String, Tensor> {
    network.parameters.merging(network.buffers) { parameter, _ in parameter }
  }
}

extension Trainer.Settings {
  func validate() throws(LabError) {
    try TrainingNumber.require(epochs > 0, "epochs", epochs, "1 or more")
    try TrainingNumber.require(
      averageDecay >= 0 && averageDecay < 1, "averageDecay", averageDecay, "0 (off) or more, and below 1")
    for target in targets {
      try TrainingNumber.require((0...1).contains(target), "targets", target, "shares from 0 to 1")
    }
  }
}
