import IDInit
import Lab
import Torch

/// The problem of Section 3.1: learn Y = −X from pairs with noise, with a linear network of square layers. What Table 1
/// and Figure 19 have in common.
///
/// Shapes: B samples of a batch, D features.
struct LinearProblem {
  /// The setting of the problem and of its network.
  struct Settings: Codable, Hashable, Sendable {
    /// D.
    var dimension: Int
    var layers: Int
    /// Pairs; half of them train, half test.
    var pairs: Int
    /// Standard deviation of the noise on Y.
    var noise: Double
    var precision: Precision

    enum Precision: String, SettingChoice {
      case float32, float64
      var dtype: DType { self == .float32 ? .float32 : .float64 }
    }

    static let paper = Settings(dimension: 10, layers: 3, pairs: 4000, noise: 1e-2, precision: .float32)

    func validate() throws(SettingError) {
      try Check.atLeast(1, dimension, "problem.dimension", atMost: 4096)
      try Check.atLeast(1, layers, "problem.layers", atMost: 1000)
      // The pairs are drawn into one array.
      try Check.atLeast(2 * dimension + 2, pairs, "problem.pairs", atMost: (1 << 26) / dimension)
      try Check.notNegative(noise, "problem.noise")
    }
  }

  /// How the layers start.
  enum Start: String, SettingChoice {
    case xavier, identity

    func rule(looseness: Double) -> Rule {
      switch self {
      case .xavier: .xavier(XavierRule(.uniform))
      case .identity: .identity(IdentityRule(gain: 1, looseness: looseness))
      }
    }
  }

  let settings: Settings
  let trainX_BD: Tensor
  let trainY_BD: Tensor
  let testX_BD: Tensor
  let testY_BD: Tensor

  /// Draws the pairs; a function of the seed alone.
  init(_ settings: Settings, seed: Int, device: Device) throws {
    self.settings = settings
    let half = settings.pairs / 2
    let inputs = RandomStream(seed: UInt64(seed), name: "linear-problem/x")
    let noise = RandomStream(seed: UInt64(seed), name: "linear-problem/noise")
    func part(_ rows: Range<Int>) throws -> (Tensor, Tensor) {
      let elements = rows.lowerBound * settings.dimension..<rows.upperBound * settings.dimension
      let x = elements.map { inputs.normal(at: $0) }
      let y = zip(elements, x).map { -$1 + settings.noise * noise.normal(at: $0) }
      let shape = [rows.count, settings.dimension]
      let dtype = settings.precision.dtype
      return (
        try Tensor(x, shape: shape, device: device).to(dtype), try Tensor(y, shape: shape, device: device).to(dtype)
      )
    }
    (trainX_BD, trainY_BD) = try part(0..<half)
    (testX_BD, testY_BD) = try part(half..<2 * half)
  }

  var trainCount: Int { settings.pairs / 2 }

  /// The layers' weights, D×D each, asking for gradients.
  func weights(_ start: Start, looseness: Double, seed: Int, device: Device) throws -> [Tensor] {
    let rule = start.rule(looseness: looseness)
    let size = settings.dimension
    return try (0..<settings.layers).map { layer in
      let values = try rule.values(
        geometry: .linear(out: size, in: size), as: Double.self, seed: UInt64(seed), name: "\(layer).weight")
      return try Tensor(values, shape: [size, size], device: device).to(settings.precision.dtype).settingRequiresGrad()
    }
  }

  /// The network's mean squared error on inputs and targets.
  func loss(_ weights: [Tensor], _ x_BD: Tensor, _ y_BD: Tensor) throws(TorchError) -> Tensor {
    var h_BD = x_BD
    for weight in weights { h_BD = try linear(h_BD, weight: weight) }
    return try mseLoss(h_BD, y_BD)
  }

  func testLoss(_ weights: [Tensor]) throws -> Double {
    try withoutGradient { try loss(weights, testX_BD, testY_BD).item() }
  }

  /// The test error of the least squares solution of the training half.
  func leastSquaresLoss() throws -> Double {
    let solution = try trainX_BD.leastSquares(trainY_BD)
    return try mseLoss(try testX_BD.matmul(solution), testY_BD).item()
  }
}

/// Gradient descent on a linear problem, step by step.
struct LinearTraining {
  /// Plain, or with momentum; the rate is the one that `torch.optim.SGD` takes.
  struct Descent: Hashable, Sendable {
    var learningRate: Double
    var momentum: Double
    /// Nil: all training pairs at every step.
    var batchSize: Int?
  }

  let problem: LinearProblem
  let weights: [Tensor]
  private let descent: Descent
  private let optimizer: SGD
  private let seed: Int
  private let device: Device
  private var order: Tensor?
  private var epoch = 0
  private var position = 0
  private(set) var step = 0

  init(_ problem: LinearProblem, weights: [Tensor], descent: Descent, seed: Int, device: Device) throws {
    self.problem = problem
    self.weights = weights
    self.descent = descent
    self.seed = seed
    self.device = device
    optimizer = try SGD(NamedTensors.layers(weights), learningRate: descent.learningRate, momentum: descent.momentum)
  }

  /// One step; the loss before it.
  mutating func advance() throws -> Double {
    let (x, y) = try batch()
    let loss = try problem.loss(weights, x, y)
    try optimizer.zeroGrad()
    try loss.backward()
    try optimizer.step()
    step += 1
    return try loss.item()
  }

  private mutating func batch() throws -> (Tensor, Tensor) {
    guard let size = descent.batchSize else { return (problem.trainX_BD, problem.trainY_BD) }
    if order == nil || position + size > problem.trainCount {
      epoch += 1
      position = 0
      order = try Tensor(
        EpochOrder.permutation(count: problem.trainCount, seed: UInt64(seed), epoch: epoch), device: device)
    }
    guard let order else { return (problem.trainX_BD, problem.trainY_BD) }
    let indices = try order.narrow(axis: 0, start: position, length: size)
    position += size
    return (try problem.trainX_BD.indexSelect(axis: 0, indices), try problem.trainY_BD.indexSelect(axis: 0, indices))
  }
}
