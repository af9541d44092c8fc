import Datasets
import Foundation
import IDInit
import Lab
import Networks
import Torch

/// Passes of images through a network that starts anew each time (Figure 13), and what they say of the signal's size layer
/// by layer.
struct SignalRounds {
  let network: Figure13.Network
  let method: String
  let variant: Figure13.Variant
  let noise: Double
  let seed: UInt64
  let rounds: Int
  let images: Int

  /// Features of FC's layers, and of an example.
  static let widths = [96, 200, 400, 600, 800, 1000, 1000, 800, 600, 400, 200]
  static let depth = 10

  /// - Throws: `PlanError` if the method cannot serve the network.
  static func check(network: Figure13.Network, method: String) throws {
    let example = try Tensor.zeros(exampleShape(network))
    _ = try make(network, channels: 3, classes: 10, device: .cpu).plan(Schemes.scheme(named: method), example: example)
  }

  private static func exampleShape(_ network: Figure13.Network) -> [Int] {
    network.isConvolutional ? [1, 3, CIFAR10.side, CIFAR10.side] : [1, widths[0]]
  }

  static func make(
    _ network: Figure13.Network, channels: Int, classes: Int, device: Device
  ) throws(TorchError) -> any Module {
    switch network {
    case .fc: try LinearNet(widths: widths, nonlinearity: .linear, device: device)
    case .resFC: try ResidualStack(width: widths[0], depth: depth, nonlinearity: .linear, device: device)
    case .conv: try AllConvNet(classes: classes, inChannels: channels, averaged: false, device: device)
    case .resConv: try ResidualStack(channels: 16, inChannels: channels, depth: depth, device: device)
    }
  }

  /// Does the rounds, and writes a line of metrics a layer.
  ///
  /// - Parameters:
  ///   - dataset: Whose training images are taken in their order.
  ///   - normalization: How pixels become numbers.
  ///   - context: The run that this is.
  /// - Returns: How the signal's standard deviation changes from the input to the output.
  /// - Throws: `LabError` (`.configuration`) for more images than there are; (`.interrupted`) after a stop signal.
  func run(on dataset: ImageDataset, normalization: Normalization, in context: RunContext) throws -> RunOutcome {
    let train = dataset.train
    guard rounds * images <= train.count else {
      throw LabError(
        .configuration,
        "\(rounds) rounds of \(images) images; expected at most the \(train.count) images of \(train.name) in all")
    }
    try context.record.restart()
    context.report(.began)
    let module = try Self.make(network, channels: train.channels, classes: train.classCount, device: context.device)
    let example = try Tensor.zeros(Self.exampleShape(network), device: context.device)
    let structure = NetworkStructure(try GraphTracer.trace(module, example))
    let scheme = try Schemes.scheme(named: method)
    let loader = try BatchLoader(
      train, normalization: normalization, batchSize: images, order: .inOrder, device: context.device,
      layout: .contiguous)
    let batches = loader.batches()
    defer { batches.stop() }
    var signals: [[LayerSignal]] = []
    for round in 0..<rounds {
      try context.stop.check("stopped \(context.run.name); the same command starts this run again")
      guard let batch = try batches.next() else { break }
      // Of a seed of its own, which is the same for all methods, networks and noises.
      let own = seed &* 1_000_003 &+ UInt64(round)
      let plan = try InitializationPlan(scheme, for: structure, seed: own)
      try module.initialize(by: plan, threads: Runtime.threadCount)
      let x = network.isConvolutional ? batch.x_NCHW : try batch.x_NCHW.reshaped([-1, Self.widths[0]])
      signals.append(try signal(of: module, x, generator: Generator(seed: own, device: context.device)))
      context.report(.moved) {
        $0.fraction = Double(round + 1) / Double(rounds)
        $0.position = "round \(round + 1)/\(rounds)"
      }
    }
    return try outcome(signals, in: context)
  }

  /// The signal of one pass, with noise.
  func signal(of module: any Module, _ x: Tensor, generator: Generator) throws -> [LayerSignal] {
    if variant == .weights {
      for weight in module.parameters.values where weight.shape.count >= 2 {
        let noisy = try weight.noisy(noise, generator: generator)
        try withoutGradient { () throws(TorchError) in try weight.copy(from: noisy) }
      }
    }
    return try LayerSignal.passage(of: module, variant == .input ? x.noisy(noise, generator: generator) : x)
  }

  private func outcome(_ signals: [[LayerSignal]], in context: RunContext) throws -> RunOutcome {
    guard let layers = signals.first else { return RunOutcome(results: ["rounds": 0]) }
    for depth in layers.indices {
      func statistics(_ value: (LayerSignal) -> Double) -> Statistics { Statistics(signals.map { value($0[depth]) }) }
      let (mean, std) = (statistics(\.mean), statistics(\.std))
      var row: Row = ["depth": .int(depth), "layer": .string(layers[depth].layer)]
      for (name, value) in [
        ("mean", mean.mean), ("meanDeviation", mean.deviation), ("std", std.mean), ("stdDeviation", std.deviation),
      ] {
        row[name] = value.map(JSONValue.double) ?? .null
      }
      try context.record.metrics.append(row)
    }
    func last(_ signal: [LayerSignal]) -> Double { signal.last?.std ?? .nan }
    let ratios = Statistics(signals.map { last($0) / ($0.first?.std ?? .nan) })
    func value(_ value: Double?) -> JSONValue { value.map(JSONValue.double) ?? .null }
    return RunOutcome(results: [
      "rounds": .int(signals.count), "layers": .int(layers.count - 1),
      "inputStd": value(Statistics(signals.map { $0.first?.std ?? .nan }).mean),
      "outputStd": value(Statistics(signals.map(last)).mean), "ratio": value(ratios.mean),
      "ratioDeviation": value(ratios.deviation),
      "largestStd": value(signals.flatMap { $0.map(\.std) }.max()),
    ])
  }
}
