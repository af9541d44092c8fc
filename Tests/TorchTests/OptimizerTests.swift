import Foundation
import OrderedCollections
import Testing
import Torch

/// Fifty steps of each optimiser on given gradients, against torch.optim.
struct OptimizerTests {
  private struct Golden: Decodable {
    let shapes: [[Int]]
    let cases: [String: [String: [Double]]]
  }

  typealias Parameters = OrderedDictionary<String, Tensor>

  static let cases: OrderedDictionary<String, @Sendable (Parameters) throws -> any Optimizer> = [
    "sgd": { try SGD($0, learningRate: 0.1) },
    "sgd-weight-decay": { try SGD($0, learningRate: 0.1, weightDecay: 5e-2) },
    "sgd-momentum": { try SGD($0, learningRate: 0.05, momentum: 0.9, weightDecay: 5e-4) },
    "sgd-dampening": { try SGD($0, learningRate: 0.05, momentum: 0.9, dampening: 0.5, weightDecay: 1e-2) },
    "sgd-nesterov": { try SGD($0, learningRate: 0.05, momentum: 0.9, weightDecay: 5e-3, nesterov: true) },
    "adam": { try Adam($0, learningRate: 1e-2) },
    "adam-weight-decay": {
      try Adam($0, learningRate: 1e-2, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1)
    },
    "adamw": { try AdamW($0, learningRate: 1e-2) },
    "adamw-weight-decay": {
      try AdamW($0, learningRate: 1e-2, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1)
    },
    "adagrad": { try Adagrad($0, learningRate: 5e-2) },
    "adagrad-all": {
      try Adagrad(
        $0, learningRate: 5e-2, learningRateDecay: 1e-2, weightDecay: 1e-2, initialAccumulator: 0.1, epsilon: 1e-8)
    },
    "adadelta": { try Adadelta($0) },
    "adadelta-all": { try Adadelta($0, learningRate: 0.5, rho: 0.95, epsilon: 1e-5, weightDecay: 1e-2) },
  ]

  private static let shapes = [[3, 4], [4], [2, 3, 2]]

  /// Parameters p[k] = cos(0.37 k), k counting through all of them.
  static func parameters() throws -> Parameters {
    var all: Parameters = [:]
    var k = 0
    for (index, shape) in shapes.enumerated() {
      let count = shape.reduce(1, *)
      all["p\(index)"] = try Tensor((k..<(k + count)).map { Float(cos(0.37 * Double($0))) }, shape: shape)
        .settingRequiresGrad()
      k += count
    }
    return all
  }

  private static func gradient(_ k: Int, _ t: Int) -> Float {
    let (k, t) = (Double(k), Double(t))
    let wave: Double = sin(0.7 * k + 1.3 * t)
    let beat: Double = cos(0.11 * k * t)
    return Float(wave + 0.3 * beat)
  }

  /// g[k] at step t = sin(0.7 k + 1.3 t) + 0.3 cos(0.11 k t).
  static func setGradients(_ parameters: Parameters, step t: Int) throws {
    var k = 0
    for parameter in parameters.values {
      let count = parameter.elementCount
      let g: [Float] = (k..<(k + count)).map { gradient($0, t) }
      try parameter.setGrad(Tensor(g, shape: parameter.shape))
      k += count
    }
  }

  static func flat(_ parameters: Parameters) throws -> [Float] {
    try parameters.values.flatMap { try $0.array(of: Float.self) }
  }

  @Test(arguments: cases.keys)
  func fiftyStepsAreThoseOfPyTorch(_ name: String) throws {
    let golden = try Fixture.decode(Golden.self, "optimizers.json")
    #expect(golden.shapes == Self.shapes)
    let expected = try #require(golden.cases[name])
    let parameters = try Self.parameters()
    let make = try #require(Self.cases[name])
    let optimizer = try make(parameters)
    var compared = 0
    for t in 1...50 {
      try Self.setGradients(parameters, step: t)
      try optimizer.step()
      guard let values = expected[String(t)] else { continue }
      // Fused kernels order a few roundings differently; float32 has 6e-8.
      let deviation = try largestDeviation(Self.flat(parameters), values)
      #expect(deviation < 1e-6, "\(name), step \(t): \(deviation)")
      compared += 1
    }
    #expect(compared == 5)
  }

  /// The comparison has power: another weight decay, a missing momentum, another epsilon are seen.
  @Test(arguments: ["sgd-momentum", "adamw", "adagrad-all", "adadelta-all"])
  func aWrongSettingIsSeen(_ name: String) throws {
    let expected = try #require(try Fixture.decode(Golden.self, "optimizers.json").cases[name]?["50"])
    let parameters = try Self.parameters()
    let wrong: any Optimizer =
      switch name {
      case "sgd-momentum": try SGD(parameters, learningRate: 0.05, momentum: 0.9, weightDecay: 4e-4)
      case "adamw": try AdamW(parameters, learningRate: 1e-2, weightDecay: 9e-3)
      case "adagrad-all":
        try Adagrad(
          parameters, learningRate: 5e-2, learningRateDecay: 1e-2, weightDecay: 1e-2, initialAccumulator: 0.11)
      default: try Adadelta(parameters, learningRate: 0.5, rho: 0.95, epsilon: 1e-6, weightDecay: 1e-2)
      }
    for t in 1...50 {
      try Self.setGradients(parameters, step: t)
      try wrong.step()
    }
    #expect(try largestDeviation(Self.flat(parameters), expected) > 1e-5)
  }

  @Test(arguments: cases.keys)
  func aResumedRunGoesOnWithTheSameBits(_ name: String) throws {
    let make = try #require(Self.cases[name])
    let straight = try Self.parameters()
    let whole = try make(straight)
    for t in 1...20 {
      try Self.setGradients(straight, step: t)
      try whole.step()
    }

    let first = try Self.parameters()
    let before = try make(first)
    for t in 1...10 {
      try Self.setGradients(first, step: t)
      try before.step()
    }
    let state = try before.state
    let second = try Self.parameters()
    for (name, tensor) in second {
      try withoutGradient { try tensor.copy(from: #require(first[name])) }
    }
    // Steps of the old one after the snapshot must not reach it.
    try before.step()
    let after = try make(second)
    try after.load(state: state)
    for t in 11...20 {
      try Self.setGradients(second, step: t)
      try after.step()
    }
    #expect(try Self.flat(second).map(\.bitPattern) == Self.flat(straight).map(\.bitPattern))
  }

  /// Tables of words are stepped by several threads, in registers' portions: no element may be left out or stepped twice.
  @Test(arguments: [DType.float32, .float64])
  func adadeltaStepsEveryElementOfALargeTensor(_ dtype: DType) throws {
    let count = 3 * (1 << 14) + 1003
    let start = (0..<count).map { Float(cos(0.37 * Double($0))) }
    let p = try Tensor(start).to(dtype).settingRequiresGrad()
    let optimizer = try Adadelta(["p": p], learningRate: 0.5, rho: 0.95, epsilon: 1e-5, weightDecay: 1e-2)
    var (expected, v, u) = (
      start.map(Double.init), [Double](repeating: 0, count: count), [Double](repeating: 0, count: count)
    )
    for t in 1...3 {
      let gradients = (0..<count).map { Self.gradient($0, t) }
      try p.setGrad(Tensor(gradients).to(dtype))
      try optimizer.step()
      for k in 0..<count {
        let g = Double(gradients[k]) + 1e-2 * expected[k]
        v[k] = 0.95 * v[k] + 0.05 * g * g
        let change = ((u[k] + 1e-5) / (v[k] + 1e-5)).squareRoot() * g
        u[k] = 0.95 * u[k] + 0.05 * change * change
        expected[k] -= 0.5 * change
      }
    }
    let found = try p.detached().to(.float64).array(of: Double.self)
    // Three steps of 0.02 on numbers up to 1, each rounded to 6e-8 of itself. A step left out would be 1e-2.
    let tolerance = dtype == .float32 ? 1e-6 : 1e-12
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < tolerance })
  }

  /// Autograd refuses a gradient through what a step has changed since, as it does in PyTorch.
  @Test func aStepOfAdadeltaIsSeenByAutograd() throws {
    let p = try Tensor([Float](repeating: 1, count: 40)).settingRequiresGrad()
    let optimizer = try Adadelta(["p": p])
    let before = try (p * p).sum()
    try (p * p).sum().backward()
    try optimizer.step()
    let error = #expect(throws: TorchError.self) { try before.backward() }
    #expect(error?.message.contains("modified by an inplace operation") == true)
  }

  @Test func stateHasPyTorchsNames() throws {
    let parameters = try Self.parameters()
    let adam = try Adam(parameters)
    #expect(try adam.state.isEmpty)
    try Self.setGradients(parameters, step: 1)
    try parameters["p1"]?.setGrad(nil)
    try adam.step()
    #expect(
      try adam.state.keys == ["p0.step", "p0.exp_avg", "p0.exp_avg_sq", "p2.step", "p2.exp_avg", "p2.exp_avg_sq"])
    #expect(try adam.state["p0.step"]?.item() == 1)
    #expect(try adam.state["p2.exp_avg"]?.shape == [2, 3, 2])
  }

  @Test func stateThatDoesNotFitIsRefusedAndNothingChanges() throws {
    let parameters = try Self.parameters()
    let adam = try Adam(parameters)
    try Self.setGradients(parameters, step: 1)
    try adam.step()
    let good = try adam.state

    var unknown = good
    unknown["p9.exp_avg"] = try Tensor.zeros([1])
    expectRefusal("unknown: p9.exp_avg") { try adam.load(state: unknown) }
    var incomplete = good
    incomplete["p0.step"] = nil
    expectRefusal("p0.step is missing") { try adam.load(state: incomplete) }
    var misshapen = good
    misshapen["p0.exp_avg"] = try Tensor.zeros([4, 3])
    expectRefusal("p0.exp_avg has shape [4, 3], expected [3, 4]") { try adam.load(state: misshapen) }

    for (name, tensor) in try adam.state { #expect(try tensor.isEqual(to: #require(good[name]))) }
  }

  private func expectRefusal(_ text: String, _ body: () throws -> Void) {
    let error = #expect(throws: TorchError.self) { try body() }
    #expect(error?.kind == .argument)
    #expect(error?.message == text)
  }

  @Test func impossibleSettingsAreRefused() throws {
    let p = try Self.parameters()
    #expect(throws: TorchError.self) { try SGD(p, learningRate: -1) }
    #expect(throws: TorchError.self) { try SGD(p, learningRate: .nan) }
    #expect(throws: TorchError.self) { try SGD(p, learningRate: 1, nesterov: true) }
    #expect(throws: TorchError.self) { try SGD(p, learningRate: 1, momentum: 0.9, dampening: 0.1, nesterov: true) }
    #expect(throws: TorchError.self) { try Adam(p, beta1: 1) }
    #expect(throws: TorchError.self) { try AdamW(p, epsilon: -1e-8) }
    #expect(throws: TorchError.self) { try Adagrad(p, initialAccumulator: -1) }
    #expect(throws: TorchError.self) { try Adadelta(p, rho: 1.1) }
  }

  @Test func aSharedParameterIsSteppedOnce() throws {
    let tied = try Tensor([1] as [Float]).settingRequiresGrad()
    let sgd = try SGD(["embedding.weight": tied, "head.weight": tied], learningRate: 0.5, momentum: 0.9)
    try tied.setGrad(Tensor([1] as [Float]))
    try sgd.step()
    #expect(try tied.item() == 0.5)
    #expect(sgd.parameters.keys == ["embedding.weight"])
    #expect(try sgd.state.keys == ["embedding.weight.momentum_buffer"])
  }

  /// The bits of the two operations one after the other, for every tensor, also of parameters in training.
  @Test func movingAveragesAreTheirRecurrence() throws {
    let values = try [Tensor([1, -2.5, 3] as [Float]).settingRequiresGrad(), Tensor([7] as [Float])]
    let averages = try [Tensor([0.1, 0.2, 0.3] as [Float]), Tensor([-1] as [Float])]
    let expected = try zip(averages, values).map { average, value in
      let average = try average.cloned()
      try average.formMultiply(0.99)
      try average.formAdd(value.detached(), scale: 1 - 0.99)
      return try average.array(of: Float.self)
    }
    try updateAverages(averages, with: values, decay: 0.99)
    #expect(try averages.map { try $0.array(of: Float.self) } == expected)
    #expect(averages.allSatisfy { !$0.requiresGrad })
    // Lists that do not fit change nothing.
    for other in [[values[0]], [values[0], values[0]]] {
      #expect(throws: TorchError.self) { try updateAverages(averages, with: other, decay: 0.5) }
    }
    #expect(try averages.map { try $0.array(of: Float.self) } == expected)
  }

  @Test func zeroGradRemovesGradients() throws {
    let parameters = try Self.parameters()
    try Self.setGradients(parameters, step: 1)
    let sgd = try SGD(parameters, learningRate: 0.1)
    try sgd.zeroGrad()
    #expect(parameters.values.allSatisfy { $0.grad == nil })
  }
}
