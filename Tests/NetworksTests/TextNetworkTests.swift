import IDInit
import Networks
import Testing
import Torch

/// The networks for text beside independent ones in plain PyTorch (Tests/Interop/text_networks.py), which know of no
/// padding: same weights, each of their sentences alone.
@Suite("Networks for text against PyTorch")
struct TextNetworkTests {
  static let names = ["textcnn", "textrnn", "textrnn-lstm", "transformer", "transformer-projected"]

  static let classes = 5

  /// With dropout that begins at a seed.
  static func make(_ name: String, vocabulary: Int = 20, seed: UInt64 = 21) throws -> any Module {
    let generator = try Generator(seed: seed)
    switch name {
    case "textcnn":
      return try TextCNN(
        vocabulary: vocabulary, width: 50, classes: classes, dropout: Dropout(0.5, generator: generator))
    case "textrnn":
      return try TextRNN(
        vocabulary: vocabulary, width: 50, classes: classes, dropout: Dropout(0.3, generator: generator))
    case "textrnn-lstm":
      return try TextRNN(
        vocabulary: vocabulary, width: 50, classes: classes, contexts: .lstm, context: 30,
        dropout: Dropout(0.3, generator: generator))
    case "transformer":
      return try TransformerClassifier(
        vocabulary: vocabulary, width: 50, classes: classes, heads: 5, layers: 3,
        dropout: Dropout(0.1, generator: generator))
    default:
      return try TransformerClassifier(
        vocabulary: vocabulary, width: 30, classes: classes, modelWidth: 48, heads: 6, layers: 2,
        dropout: Dropout(0.1, generator: generator))
    }
  }

  /// The Swift network with PyTorch's weights.
  static func loaded(_ name: String) throws -> (network: any Module, theirs: PyTorchNetwork, ids: Tensor) {
    let theirs = try PyTorchNetworks.text().network(name)
    let vocabulary = try #require(theirs["model.embedding.weight"]).size(0)
    let network = try make(name, vocabulary: vocabulary)
    try network.load(theirs.group("model"))
    return (network, theirs, try #require(theirs["ids"]))
  }

  static func logits(_ network: any Module, _ ids: Tensor) throws(TorchError) -> Tensor {
    try withoutGradient { () throws(TorchError) in
      try network.evaluating { () throws(TorchError) in try network(ids) }
    }
  }

  static func largest(_ a: Tensor, _ b: Tensor) throws(TorchError) -> Double { try (a - b).abs().max().item() }

  /// Sums of up to 250 float32 products, a few layers deep, in whatever order: some 1e-6.
  static let tolerance = 1e-4

  @Test("parameters have PyTorch's names, order and shapes", arguments: names)
  func state(name: String) throws {
    let (network, theirs, _) = try Self.loaded(name)
    #expect(network.parameters.keys.elements == theirs.parameterNames)
    let state = network.parameters.merging(network.buffers) { first, _ in first }
    #expect(Set(state.keys) == Set(theirs.group("model").keys))
    for (path, tensor) in theirs.group("model") { #expect(state[path]?.shape == tensor.shape, "\(path)") }
  }

  @Test("a batch of sentences of 1 to 40 words has the logits of each sentence alone", arguments: names)
  func sameLogits(name: String) throws {
    let (network, theirs, ids) = try Self.loaded(name)
    let expected = try #require(theirs["logits.eval"])
    #expect(ids.shape == [12, 40])
    let logits = try Self.logits(network, ids)
    #expect(try PyTorchComparisonTests.deviation(logits, expected) < Self.tolerance)
    // A sentence that is read as another one would not pass.
    let reversed = try Self.logits(network, ids.indexSelect(axis: 0, Tensor([Int64](0..<12).reversed())))
    #expect(try PyTorchComparisonTests.deviation(reversed, expected) > 100 * Self.tolerance)
    #expect(try PyTorchComparisonTests.deviation(reversed.flipped([0]), expected) < Self.tolerance)
  }

  @Test("the same dropouts give the same training logits and gradients", arguments: names)
  func sameTraining(name: String) throws {
    let (network, theirs, ids) = try Self.loaded(name)
    let logits = try network(ids)
    #expect(try PyTorchComparisonTests.deviation(logits.detached(), theirs["logits.train"]) < Self.tolerance)
    #expect(try Self.largest(logits.detached(), #require(theirs["logits.eval"])) > 0.01)
    try crossEntropy(logits, #require(theirs["labels"])).backward()
    let gradients = theirs.group("grad")
    #expect(gradients.count == network.parameters.count)
    for (path, parameter) in network.parameters {
      let deviation = try PyTorchComparisonTests.deviation(parameter.grad, gradients[path])
      #expect(deviation < Self.tolerance, "gradient of \(path)")
    }
    let padding = try #require(network.parameters["embedding.weight"]?.grad).select(axis: 0, 0)
    #expect(try padding.abs().max().item() == 0)
  }

  /// The losses of five steps with the paper's optimiser, at the learning rate times `factor`.
  private static func losses(_ name: String, _ theirs: PyTorchNetwork, factor: Double = 1) throws -> [Double] {
    let (network, _, ids) = try loaded(name)
    let (labels, batches) = (try #require(theirs["labels"]), try #require(theirs["steps.batches"]))
    let optimizer: any Optimizer =
      name.hasPrefix("transformer")
      ? try Adam(network.parameters, learningRate: 1e-3 * factor)
      : try Adadelta(network.parameters, learningRate: 1 * factor, rho: 0.9)
    return try (0..<5).map { step in
      let batch = try batches.select(axis: 0, step)
      let loss = try crossEntropy(
        network(ids.indexSelect(axis: 0, batch)), labels.indexSelect(axis: 0, batch))
      try optimizer.zeroGrad()
      try loss.backward()
      try optimizer.step()
      return try loss.item()
    }
  }

  @Test("five steps of Adadelta or Adam have the same losses", arguments: names)
  func sameSteps(name: String) throws {
    let (_, theirs, _) = try Self.loaded(name)
    let expected = try #require(theirs["steps.losses"]).array(of: Float.self).map(Double.init)
    func deviation(_ losses: [Double]) -> Double { zip(losses, expected).map { abs($0 - $1) }.max() ?? .nan }
    let losses = try Self.losses(name, theirs)
    #expect(losses.count == expected.count)
    #expect(deviation(losses) < Self.tolerance, "\(losses), PyTorch \(expected)")
    // Steps that are a twentieth too long are seen.
    #expect(try deviation(Self.losses(name, theirs, factor: 1.05)) > Self.tolerance)
  }

  /// Other sizes of matrices may add in another order: some 1e-7 of logits of size 1.
  @Test("padding a batch further changes no logit", arguments: names)
  func padding(name: String) throws {
    let (network, _, ids) = try Self.loaded(name)
    let logits = try Self.logits(network, ids)
    let further = try Self.logits(network, pad(ids, [0, 33]))  // beyond the 64 positions that are there from the first
    #expect(try Self.largest(further, logits) < 1e-5)
    let word = try ids.slice(axis: 0, to: 1).slice(axis: 1, to: 1)
    #expect(try Self.largest(Self.logits(network, word), logits.slice(axis: 0, to: 1)) < 1e-5)
  }

  /// Padding whose vector is not zeros is seen by no network but the convolutional one, whose windows look at it.
  @Test("the vector of padding is not read", arguments: names)
  func paddingVector(name: String) throws {
    let (network, _, ids) = try Self.loaded(name)
    let before = try Self.logits(network, ids)
    try withoutGradient { () throws(TorchError) in
      try network.parameters["embedding.weight"]?.select(axis: 0, 0).fill(3)
    }
    let change = try Self.largest(Self.logits(network, ids), before)
    if name == "textcnn" { #expect(change > 0.01) } else { #expect(change < 1e-5) }
  }

  @Test("a sentence of no words has an answer, and no other changes by it", arguments: names)
  func emptySentence(name: String) throws {
    let (network, _, ids) = try Self.loaded(name)
    let logits = try Self.logits(network, ids)
    let more = try Tensor.concatenate([try Tensor.zeros([1, 40], dtype: .int64), ids])
    let answers = try Self.logits(network, more)
    #expect(try answers.isFinite().all().integer() == 1)
    #expect(try Self.largest(answers.slice(axis: 0, from: 1), logits) < 1e-5)
    #expect(try network.firstNonFiniteValue(more) == nil)
  }

  @Test("what is no batch of words is refused", arguments: names)
  func refusedInput(name: String) throws {
    let network = try Self.make(name)
    for ids in [
      try Tensor.zeros([2, 3]), try Tensor.zeros([3], dtype: .int64), try Tensor.zeros([2, 0], dtype: .int64),
    ] {
      let error = #expect(throws: TorchError.self) { try network(ids) }
      #expect(error?.message.contains("expected int64 numbers of words, [N, L]") == true)
    }
    #expect(throws: TorchError.self) { try network(Tensor.full([1, 2], 20, dtype: .int64)) }
  }

  @Test("dropout goes on from its generator's state", arguments: names)
  func resumable(name: String) throws {
    let (network, _, ids) = try Self.loaded(name)
    let states = try network.generators.mapValues { try $0.state() }
    #expect(!states.isEmpty)
    let first = try network(ids).detached(), second = try network(ids).detached()
    #expect(try Self.largest(first, second) > 0.01)
    for (path, generator) in network.generators { try generator.restore(#require(states[path])) }
    #expect(try network(ids).detached().isEqual(to: first))
  }

  // MARK: Plans

  @Test("the plan of the Swift network is that of PyTorch's export, by every scheme", arguments: names)
  func samePlan(name: String) throws {
    let program = try PyTorchNetworks.text().program(name)
    let (network, _, ids) = try Self.loaded(name)
    // The values of an example do not matter.
    for example in [ids, try Tensor.zeros([2, 7], dtype: .int64)] {
      let graph = try GraphTracer.trace(network, example)
      for scheme in Schemes.all + Schemes.ablations {
        #expect(
          PyTorchComparisonTests.Outline(scheme, for: graph)
            == PyTorchComparisonTests.Outline(scheme, for: program.graph), "\(scheme.name)")
      }
    }
  }

  static func plan(_ name: String) throws -> InitializationPlan {
    try make(name).plan(IDInitScheme(), example: try Tensor.zeros([2, 7], dtype: .int64))
  }

  /// The first weight that the words meet is their table, so that no other is the first.
  @Test("the convolutions of a TextCNN are identities, and word vectors stay")
  func convolutionalPlan() throws {
    let plan = try Self.plan("textcnn")
    #expect(plan.blocks.isEmpty)
    #expect(
      plan.entries.map { "\($0.name) \($0.role)" } == [
        "embedding.weight embedding", "convs.0.weight hidden", "convs.0.bias bias", "convs.1.weight hidden",
        "convs.1.bias bias", "convs.2.weight hidden", "convs.2.bias bias", "fc.weight hidden", "fc.bias bias",
      ])
    #expect(plan["embedding.weight"]?.rule == nil)
    for weight in ["convs.0.weight", "convs.1.weight", "convs.2.weight", "fc.weight"] {
      #expect(plan[weight]?.rule == .identity(IdentityRule()), "\(weight)")
    }
  }

  @Test("the recurrences of a TextRNN are identities, gate by gate", arguments: ["textrnn", "textrnn-lstm"])
  func recurrentPlan(name: String) throws {
    let plan = try Self.plan(name), network = try Self.make(name)
    #expect(plan.blocks.isEmpty)
    #expect(plan["embedding.weight"]?.rule == nil)
    for weight in ["weight_ih_l0", "weight_hh_l0", "weight_ih_l0_reverse", "weight_hh_l0_reverse"] {
      #expect(plan["rnn.\(weight)"]?.role == .hidden, "\(weight)")
    }
    #expect(plan["fc1.weight"]?.role == .hidden)
    #expect(plan["fc2.weight"]?.role == .hidden)
    try network.initialize(by: plan)
    let gates = name == "textrnn" ? 1 : 4, hidden = name == "textrnn" ? 50 : 30
    let state = try #require(network.parameters["rnn.weight_hh_l0"])
    for gate in try state.chunked(gates) {
      #expect(try gate.isClose(to: Tensor.eye(hidden), absolute: 1e-5))
    }
  }

  @Test("a Transformer's sublayers are blocks that end in their last weights")
  func attentionPlan() throws {
    for (name, layers) in [("transformer", 3), ("transformer-projected", 2)] {
      let plan = try Self.plan(name)
      #expect(
        plan.blocks.map(\.last)
          == (0..<layers).flatMap {
            [["encoder.layers.\($0).self_attn.out_proj.weight"], ["encoder.layers.\($0).linear2.weight"]]
          })
      #expect(plan["embedding.weight"]?.rule == nil)
      #expect(plan["fc.weight"]?.role == .head)
      #expect(plan["projection.weight"]?.role == (name == "transformer" ? nil : .hidden))
      let last = "encoder.layers.\(layers - 1)"
      #expect(plan["\(last).self_attn.out_proj.weight"]?.role == .attentionOutput)
      #expect(plan["\(last).linear1.weight"]?.role == .hidden)
      #expect(plan["\(last).linear2.weight"]?.role == .stemLast)
    }
  }

  @Test("sizes that cannot be are refused")
  func refused() throws {
    #expect(throws: TorchError.self) { try TextCNN(vocabulary: 9, width: 5, classes: 2, windows: [], dropout: nil) }
    #expect(throws: TorchError.self) { try TextCNN(vocabulary: 9, width: 5, classes: 2, windows: [0], dropout: nil) }
    #expect(throws: TorchError.self) { try TextRNN(vocabulary: 9, width: 5, classes: 2, context: 0) }
    let heads = #expect(throws: TorchError.self) {
      try TransformerClassifier(vocabulary: 9, width: 50, classes: 2, heads: 6, dropout: nil)
    }
    #expect(heads?.message == "6 heads of a width of 50; expected a number that divides it")
    #expect(throws: TorchError.self) {
      try TransformerClassifier(vocabulary: 9, width: 6, classes: 2, heads: 2, layers: 0, dropout: nil)
    }
  }
}
