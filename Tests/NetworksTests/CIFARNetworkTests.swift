import IDInit
import Networks
import Testing
import Torch

@Suite("Networks for CIFAR-10 and their plans")
struct CIFARNetworkTests {
  /// Every style with and, where it takes one, without normalisation.
  struct Variant: CustomTestStringConvertible, Sendable {
    let style: ResidualStyle
    let normalised: Bool
    var testDescription: String { style.rawValue + (normalised ? " with normalisation" : "") }

    func make(depth: Int = 20) throws(TorchError) -> CIFARResNet {
      try CIFARResNet(depth: depth, style: style, normalised: normalised)
    }
  }

  static let variants = ResidualStyle.allCases.flatMap { style in
    [true, false].filter { !(style == .fixup && $0) }.map { Variant(style: style, normalised: $0) }
  }

  static func count(_ network: any Module) -> Int { network.parameters.values.reduce(0) { $0 + $1.elementCount } }

  static func labels(_ count: Int) throws(TorchError) -> Tensor { try Tensor((0..<count).map { Int64($0 % 10) }) }

  // MARK: Sizes and names (those of whole networks against PyTorch: PyTorchComparisonTests)

  @Test(
    "parameters are as many as in the published code",
    arguments: [
      (20, 269_722, 268_393), (32, 464_154, 461_959), (44, 658_586, 655_525), (56, 853_018, 849_091),
      (110, 1_727_962, 1_720_138),
    ])
  func counts(depth: Int, plain: Int, fixup: Int) throws {
    let blocks = (depth - 2) / 2
    #expect(Self.count(try CIFARResNet(depth: depth)) == plain)
    #expect(Self.count(try CIFARResNet(depth: depth, style: .fixup, normalised: false)) == fixup)
    #expect(Self.count(try CIFARResNet(depth: depth, style: .reZero)) == plain + blocks)
    #expect(Self.count(try CIFARResNet(depth: depth, style: .skipInit)) == plain + blocks)
  }

  @Test("All-CNN-C has 1,369,738 parameters in nine convolutions")
  func allConvolutional() throws {
    let network = try AllConvNet()
    #expect(Self.count(network) == 1_369_738)
    #expect(network.parameters.keys.elements == (1...9).flatMap { ["conv\($0).weight", "conv\($0).bias"] })
    #expect(try AllConvNet(classes: 7, inChannels: 1)(try Tensor.zeros([2, 1, 32, 32])).shape == [2, 7])
  }

  /// Without normalisation, from IDInit the long stem adds next to nothing: the network is its first two convolutions
  /// and the head.
  @Test("a stem of 109 layers is one block that starts as its shortcut")
  func longStem() throws {
    let x = try Tensor.randn([2, 3, 32, 32], generator: try Generator(seed: 4))
    func distance(_ overrides: [PlanOverride] = []) throws -> Double {
      let network = try LongStemNet()
      var plan = try network.plan(IDInitScheme(), example: x)
      #expect(plan.entries.filter { $0.role != .bias }.count == 112)
      #expect(plan.blocks.map(\.last) == [["stem.108.weight"]])
      try plan.apply(overrides)
      try network.initialize(by: plan)
      // A head that tells features apart, whatever the scheme gives it.
      let head = try #require(network.parameters["linear.weight"])
      try withoutGradient { try head.copy(from: try Tensor.ones(head.shape)) }
      let first = try conv2d(
        relu(conv2d(x, weight: #require(network.parameters["conv1.weight"]), padding: 1)),
        weight: #require(network.parameters["conv2.weight"]), stride: 2, padding: 1)
      let expected = try relu(first).mean([2, 3]).sum([1]).max().item()
      return abs(try network(x).max().item() - expected) / abs(expected)
    }
    #expect(try distance() < 1e-4)
    // With the identity on every kernel's centre the whole stem passes features on, and they are added once more.
    #expect(try distance([PlanOverride(parsing: "stem.*.weight=centre-tap")]) > 0.1)
  }

  @Test("scalars have the shapes and the first values of the methods' own code")
  func scalars() throws {
    let fixup = try CIFARResNet(depth: 8, style: .fixup, normalised: false).parameters
    for name in ["bias1", "bias2", "layer1.0.bias1a", "layer2.0.bias1b", "layer3.0.bias2a", "layer3.0.bias2b"] {
      #expect(try fixup[name]?.array(of: Float.self) == [0], "\(name)")
      #expect(fixup[name]?.shape == [1])
    }
    #expect(try fixup["layer2.0.scale"]?.array(of: Float.self) == [1])
    let skipInit = try CIFARResNet(depth: 8, style: .skipInit).parameters["layer1.0.skip_gain"]
    #expect(skipInit?.shape == [])
    #expect(try skipInit?.item() == 0)
    let reZero = try CIFARResNet(depth: 8, style: .reZero).parameters["layer1.0.resweight"]
    #expect(reZero?.shape == [1])
    #expect(try reZero?.item() == 0)
  }

  @Test("what the networks are not made for is refused")
  func refused() throws {
    for depth in [2, 9, 21, -4] { #expect(throws: TorchError.self) { try CIFARResNet(depth: depth) } }
    #expect(throws: TorchError.self) { try CIFARResNet(depth: 20, style: .fixup) }
    #expect(throws: TorchError.self) { try CIFARResNet(depth: 20, classes: 0) }
    #expect(throws: TorchError.self) { try AllConvNet(inChannels: 0) }
  }

  @Test("other sizes and channels are taken", arguments: variants)
  func sizes(variant: Variant) throws {
    let network = try CIFARResNet(
      depth: 8, style: variant.style, normalised: variant.normalised, classes: 5, inChannels: 1)
    // 13 → 7 → 4: stems and shortcuts round alike.
    #expect(try network(try Tensor.zeros([2, 1, 13, 9])).shape == [2, 5])
  }

  // MARK: Plans

  @Test("every block's second convolution ends its stem", arguments: variants)
  func plans(variant: Variant) throws {
    let plan = try variant.make().plan(IDInitScheme(), example: try Tensor.zeros([2, 3, 32, 32]))
    let blocks = (1...3).flatMap { stage in (0..<3).map { "layer\(stage).\($0)" } }
    #expect(plan.blocks.map(\.last) == blocks.map { ["\($0).conv2.weight"] })
    #expect(plan.blocks.map(\.stemWeights) == blocks.map { ["\($0).conv1.weight", "\($0).conv2.weight"] })
    #expect(plan.blocks.allSatisfy { $0.shortcutWeights.isEmpty && $0.notes.isEmpty })
    #expect(plan.entries.filter { $0.role == .first }.map(\.name) == ["conv1.weight"])
    #expect(plan.entries.filter { $0.role == .head }.map(\.name) == ["linear.weight"])
    let last = plan.entries.filter { $0.role == .stemLast }
    #expect(last.map(\.name) == blocks.map { "\($0).conv2.weight" })
    #expect(plan.entries.filter { $0.role == .hidden }.map(\.name) == blocks.map { "\($0).conv1.weight" })
    #expect(plan["conv1.weight"]?.rule == .identity(IdentityRule(gain: 2.0.squareRoot())))
    #expect(plan["layer2.0.conv1.weight"]?.rule == .identity(IdentityRule()))
    for entry in last + [try #require(plan["linear.weight"])] {
      #expect(entry.rule == .nearZeroIdentity(NearZeroIdentityRule()))
    }
    #expect(plan.notes.isEmpty)
  }

  @Test("All-CNN-C is no residual network: the identity on every convolution")
  func allConvolutionalPlan() throws {
    let plan = try AllConvNet().plan(IDInitScheme(), example: try Tensor.zeros([2, 3, 32, 32]))
    #expect(plan.blocks.isEmpty)
    #expect(plan.entries.map(\.role) == [.first, .bias] + Array(repeating: [.hidden, .bias], count: 8).flatMap { $0 })
    #expect(plan["conv1.weight"]?.rule == .identity(IdentityRule(gain: 2.0.squareRoot())))
    #expect(plan["conv9.weight"]?.rule == .identity(IdentityRule()))
  }

  @Test("a plan fills a scalar of no axes")
  func scalarIsFilled() throws {
    let network = try CIFARResNet(depth: 8, style: .skipInit)
    var plan = try network.plan(IDInitScheme(), example: try Tensor.zeros([2, 3, 32, 32]))
    let index = try #require(plan.entries.firstIndex { $0.name == "layer1.0.skip_gain" })
    plan.entries[index].rule = .constant(ConstantRule(0.25))
    try network.initialize(by: plan)
    #expect(try network.parameters["layer1.0.skip_gain"]?.item() == 0.25)
  }

  // MARK: What a plan does

  /// The test of a plan is numerical: features are not negative after the first ReLU, so that from IDInit every block
  /// passes its shortcut on, and the whole network is its first convolution, two shortcuts and the head.
  @Test("from IDInit every block is its shortcut", arguments: variants)
  func blocksAreTheirShortcuts(variant: Variant) throws {
    let generator = try Generator(seed: 1)
    let x = try Tensor.randn([4, 3, 32, 32], generator: generator)
    let network = try variant.make(depth: 32)
    let parameters = network.parameters
    let first = try #require(parameters["conv1.weight"]), head = try #require(parameters["linear.weight"])
    // The plan's head would hide much: it looks at 20 of the 64 channels, and not at those that a shortcut of zero
    // channels on both sides fills.
    let logits = try Tensor.randn([10, 64], generator: generator)
    try network.initialize(by: try network.plan(IDInitScheme(), example: x))
    // Nor may scalars of 0 hide a stem that is none.
    for (name, parameter) in parameters where name.hasSuffix("skip_gain") || name.hasSuffix("resweight") {
      try withoutGradient { () throws(TorchError) in try parameter.fill(1) }
    }
    network.isTraining = false  // running statistics 0 and 1: a normalisation divides by √(1 + 1e-5)
    /// max|network − expected| / max|expected|
    func deviation() throws -> Double {
      try withoutGradient { () throws in
        try head.copy(from: logits)
        var features_NCHW = try relu(conv2d(x, weight: first, padding: 1))
        if variant.normalised { features_NCHW = try features_NCHW / 1.00001.squareRoot() }
        for gained in [16, 32] {
          let before = variant.style == .fixup ? 0 : gained / 2
          features_NCHW = try pad(
            features_NCHW.slice(axis: 2, by: 2).slice(axis: 3, by: 2), [0, 0, 0, 0, before, gained - before])
        }
        let expected = try linear(features_NCHW.mean([2, 3]), weight: logits)
        return try (network(x) - expected).abs().max().item() / expected.abs().max().item()
      }
    }
    // Each of 15 stems adds 1e-6 of differences of two features, a few times what passes on average.
    #expect(try deviation() < 1e-4)
    try network.initialize(by: try network.plan(KaimingScheme(), example: x))
    #expect(try deviation() > 0.1)
  }

  /// The parameters that get a gradient in each of three steps.
  static func reached(
    _ network: CIFARResNet, _ scheme: some InitializationScheme, firstLoss: Double? = nil
  ) throws -> [Set<String>] {
    let x = try Tensor.randn([16, 3, 16, 16], generator: try Generator(seed: 2)), labels = try labels(16)
    try network.initialize(by: try network.plan(scheme, example: x))
    let sgd = try SGD(network.parameters, learningRate: 0.1, momentum: 0.9)
    var reached: [Set<String>] = []
    for step in 0..<3 {
      try sgd.zeroGrad()
      let loss = try crossEntropy(network(x), labels)
      if step == 0, let firstLoss { #expect(abs(try loss.item() - firstLoss) < 1e-3) }
      try loss.backward()
      reached.append(
        Set(try network.parameters.filter { try $0.value.grad?.abs().max().item() ?? 0 > 0 }.map(\.key)))
      try sgd.step()
    }
    return reached
  }

  @Test(
    "from IDInit the first loss is ln 10 and gradients reach every parameter at once",
    arguments: variants.filter { $0.style == .plain || $0.style == .fixup })
  func gradients(variant: Variant) throws {
    let network = try variant.make()
    let all = Set(network.parameters.keys)
    for reached in try Self.reached(network, IDInitScheme(), firstLoss: 2.302585) { #expect(reached == all) }
  }

  @Test(
    "a stem multiplied by zero learns from the second step on",
    arguments: variants.filter { $0.style == .skipInit || $0.style == .reZero })
  func gradientsThroughZero(variant: Variant) throws {
    let network = try variant.make()
    let all = Set(network.parameters.keys)
    let outside = all.filter { !$0.hasPrefix("layer") || $0.hasSuffix("skip_gain") || $0.hasSuffix("resweight") }
    #expect(outside.count == (variant.normalised ? 5 : 3) + 9)
    #expect(try Self.reached(network, KaimingScheme()) == [outside, all, all])
  }

  @Test("from Fixup's weights a network learns from its end: head, second convolutions, everything")
  func gradientsFromFixup() throws {
    let network = try CIFARResNet(depth: 20, style: .fixup, normalised: false)
    let reached = try Self.reached(network, FixupWeightsScheme(), firstLoss: 2.302585)
    #expect(reached[0] == ["linear.weight", "linear.bias"])
    // A second convolution of zeros lets nothing through to what is before it in its stem; the shortcut of a block that
    // changes sizes has a shift of its own.
    let before = ["bias1a", "conv1.weight", "bias1b", "bias2a", "scale"]
    let late = network.parameters.keys.filter { name in
      name.hasPrefix("layer") && before.contains { name.hasSuffix(".\($0)") }
        && !["layer2.0.bias1a", "layer3.0.bias1a"].contains(name)
    }
    #expect(Set(network.parameters.keys).subtracting(reached[1]) == Set(late))
    #expect(reached[2] == Set(network.parameters.keys))
  }
}
