import Foundation
import OrderedCollections
import Testing
import Torch

/// Values and gradients of functions, against torch.nn.functional.
struct FunctionTests {
  private struct Golden: Decodable {
    struct Input: Decodable {
      let shape: [Int]
      let a: Double
      let b: Double
    }
    struct Case: Decodable {
      let inputs: [String: Input]
      let shape: [Int]
      let output: [Double]
      let gradients: [String: [Double]]
    }
    let cases: [String: Case]
  }

  /// The inputs of a case, by name.
  struct Inputs {
    let tensors: [String: Tensor]
    subscript(_ name: String) -> Tensor {
      get throws { try #require(tensors[name]) }
    }
    /// w0, w1, …
    var weights: [Tensor] { (0..<tensors.count).compactMap { tensors["w\($0)"] } }
  }

  private static let classes: [Int] = [2, 0, 1, 2]

  static let functions: OrderedDictionary<String, @Sendable (Inputs) throws -> Tensor> = [
    "linear": { try linear($0["x"], weight: $0["weight"], bias: $0["bias"]) },
    "conv1d": { try conv1d($0["x"], weight: $0["weight"], bias: $0["bias"], stride: 2, padding: 1, groups: 2) },
    "conv2d": { try conv2d($0["x"], weight: $0["weight"], bias: $0["bias"], stride: 2, padding: 2, dilation: 2) },
    "conv3d": { try conv3d($0["x"], weight: $0["weight"], bias: $0["bias"], padding: 1) },
    "conv_transpose2d": {
      try convTranspose2d($0["x"], weight: $0["weight"], bias: $0["bias"], stride: 2, padding: 1, outputPadding: 1)
    },
    "batch_norm": {
      try batchNorm(
        $0["x"], runningMean: nil, runningVariance: nil, weight: $0["weight"], bias: $0["bias"], training: true)
    },
    "layer_norm": { try layerNorm($0["x"], shape: [2, 3], weight: $0["weight"], bias: $0["bias"]) },
    "group_norm": { try groupNorm($0["x"], groups: 2, weight: $0["weight"], bias: $0["bias"]) },
    "relu": { try relu($0["x"]) },
    "leaky_relu": { try leakyReLU($0["x"], slope: 0.2) },
    "gelu": { try gelu(3 * $0["x"]) },
    "gelu_tanh": { try gelu(3 * $0["x"], approximation: .tanh) },
    "tanh": { try tanh($0["x"]) },
    "sigmoid": { try sigmoid($0["x"]) },
    "silu": { try silu($0["x"]) },
    "softplus": { try softplus($0["x"]) },
    "softmax": { try softmax($0["x"], axis: 0) },
    "log_softmax": { try logSoftmax($0["x"], axis: -1) },
    "max_pool2d": { try maxPool2d($0["x"], window: 3, stride: 2, padding: 1) },
    "avg_pool2d": { try avgPool2d($0["x"], window: 3, stride: 2, padding: 1, countPadding: false) },
    "avg_pool1d": { try avgPool1d($0["x"], window: 2) },
    "adaptive_avg_pool2d": { try adaptiveAvgPool2d($0["x"], height: 2, width: 3) },
    "pad_constant": { try pad($0["x"], [1, 2, 0, 1], mode: .constant(0.5)) },
    "pad_reflect": { try pad($0["x"], [1, 2], mode: .reflect) },
    "pad_circular": { try pad($0["x"], [1, 2], mode: .circular) },
    "embedding": { try embedding(Tensor([2, 0, 1, 2, 2, 3], shape: [2, 3]), weight: $0["weight"], paddingIndex: 0) },
    "attention": {
      try scaledDotProductAttention(query: $0["query"], key: $0["key"], value: $0["value"], isCausal: true)
    },
    "rnn": {
      let result = try rnn(
        $0["x"], state: $0["state"], weights: RecurrentWeights($0.weights, biased: false, bidirectional: true))
      return try joined([result.output, result.state])
    },
    "gru": {
      let result = try gru($0["x"], state: $0["state"], weights: RecurrentWeights($0.weights, layers: 2))
      return try joined([result.output, result.state])
    },
    "lstm": {
      let result = try lstm(
        $0["x"], state: $0["state"], cell: $0["cell"],
        weights: RecurrentWeights($0.weights, layers: 2, bidirectional: true))
      return try joined([result.output, result.state, result.cell])
    },
    "cross_entropy": { try crossEntropy($0["logits"], Tensor(classes)) },
    "cross_entropy_smoothed": {
      try crossEntropy($0["logits"], Tensor(classes), reduction: .sum, labelSmoothing: 0.1)
    },
    "mse": { try mseLoss($0["x"], $0["target"]) },
    "bce": { try binaryCrossEntropy(logits: $0["logits"], Tensor.full([4, 3], 0.3)) },
  ]

  private static func joined(_ tensors: [Tensor]) throws(TorchError) -> Tensor {
    var parts: [Tensor] = []
    for tensor in tensors { parts.append(try tensor.flattened()) }
    return try .concatenate(parts)
  }

  @Test func everyRecordedCaseIsTested() throws {
    #expect(Set(try Fixture.decode(Golden.self, "functions.json").cases.keys) == Set(Self.functions.keys))
  }

  @Test(arguments: functions.keys)
  func valuesAndGradientsAreThoseOfPyTorch(_ name: String) throws {
    let golden = try #require(try Fixture.decode(Golden.self, "functions.json").cases[name])
    var inputs: [String: Tensor] = [:]
    for (key, spec) in golden.inputs {
      inputs[key] = try sines(spec.shape, spec.a, spec.b).settingRequiresGrad()
    }
    let function = try #require(Self.functions[name])
    let output = try function(Inputs(tensors: inputs))
    #expect(output.shape == golden.shape)
    // The longest sums here have 36 terms of size 1: rounding stays below 36 · 6e-8 · a few.
    #expect(try largestDeviation(output.array(), golden.output) < 5e-6, "\(name)")

    let weights = try Tensor((0..<output.elementCount).map { Float(cos(0.3 * Double($0))) })
    try backward((output.flattened() * weights).sum())
    for (key, expected) in golden.gradients {
      let gradient = try #require(inputs[key]?.grad)
      #expect(try largestDeviation(gradient.array(), expected) < 1e-5, "\(name), \(key)")
    }
  }

  @Test func aShapeErrorNamesTheOperationAndHasLibtorchsWords() throws {
    let x = try Tensor.zeros([2, 3])
    let error = #expect(throws: TorchError.self) { try linear(x, weight: Tensor.zeros([4, 5])) }
    #expect(error?.operation == "linear")
    #expect(error?.kind == .torch)
    #expect(error?.message == "mat1 and mat2 shapes cannot be multiplied (2x3 and 5x4)")
    #expect(error?.description == "linear: mat1 and mat2 shapes cannot be multiplied (2x3 and 5x4)")

    let conv = #expect(throws: TorchError.self) { try conv2d(x, weight: Tensor.zeros([4, 3, 3, 3])) }
    #expect(conv?.operation == "conv2d")
    let targets = #expect(throws: TorchError.self) { try crossEntropy(x, Tensor([0, 7])) }
    #expect(targets?.kind == .index)
    #expect(targets?.message == "Target 7 is out of bounds.")
  }

  @Test func probabilitiesAsTargetsAndIgnoredClasses() throws {
    let logits = try sines([4, 3], 0.9, 0.1)
    let byClass = try crossEntropy(logits, Tensor(Self.classes)).item()
    var rows = [Float](repeating: 0, count: 12)
    for (row, target) in Self.classes.enumerated() { rows[3 * row + target] = 1 }
    #expect(abs(try crossEntropy(logits, Tensor(rows, shape: [4, 3])).item() - byClass) < 1e-6)
    let some = try crossEntropy(logits, Tensor([2, -100, -100, 2])).item()
    let same = try crossEntropy(logits.indexSelect(axis: 0, Tensor([0, 3])), Tensor([2, 2])).item()
    #expect(abs(some - same) < 1e-6)
  }

  @Test func dropoutKeepsTheMeanAndFollowsItsGenerator() throws {
    let ones = try Tensor.ones([10_000]).settingRequiresGrad()
    let y = try dropout(ones, probability: 0.25, generator: Generator(seed: 3))
    let values: [Float] = try y.array()
    #expect(Set(values) == [0, Float(1) / 0.75])
    // Binomial: the share kept has standard error √(0.75·0.25/10⁴) = 0.0043.
    let share = Double(values.count { $0 > 0 }) / 10_000
    #expect(abs(share - 0.75) < 5 * 0.0043)
    try backward(y.sum())
    #expect(try #require(ones.grad).isEqual(to: y.detached()))
    #expect(try dropout(ones, probability: 0.25, generator: Generator(seed: 3)).isEqual(to: y))
    #expect(try dropout(ones, probability: 1, generator: Generator(seed: 3)).sum().item() == 0)
    #expect(throws: TorchError.self) { try dropout(ones, probability: 1.5, generator: Generator(seed: 3)) }
  }
}
