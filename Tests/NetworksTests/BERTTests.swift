import Foundation
import IDInit
import ModelFiles
import Networks
import OrderedCollections
import Testing
import Torch

/// BERT beside that of `transformers` (Tests/Interop/bert.py): its checkpoint, two pairs of texts, one of them filled up.
@Suite("BERT against transformers")
struct BERTTests {
  /// A checkpoint's folder, as `save_pretrained` wrote it.
  private static func pretrained() throws -> (
    network: BERTForPreTraining, tensors: OrderedDictionary<String, Tensor>
  ) {
    let folder = try PyTorchNetworks.all().folder.appendingPathComponent("bert")
    let configuration = try JSONDecoder().decode(
      BERTConfiguration.self, from: Data(contentsOf: folder.appendingPathComponent("config.json")))
    let network = try BERTForPreTraining(configuration, dropoutSeed: 7)
    let tensors = try PyTorchNetwork(path: folder.appendingPathComponent("model.safetensors").path).tensors
    try network.load(checkpoint: tensors)
    return (network, tensors)
  }

  private static func input(_ theirs: PyTorchNetwork, positions: Bool) throws -> BERTInput {
    BERTInput(
      ids: try #require(theirs["ids"]), segments: theirs["segments"], mask: theirs["mask"],
      positions: positions ? theirs["positions"] : nil)
  }

  /// The largest difference of two tensors; infinity where shapes differ or a number is NaN.
  private static func difference(_ a: Tensor, _ b: Tensor?) throws -> Double {
    guard let b, a.shape == b.shape else { return .infinity }
    let value = try (a.detached() - b).abs().max().item()
    return value.isNaN ? .infinity : value
  }

  @Test("parameters have the names, order and shapes of BertForPreTraining's state")
  func state() throws {
    let theirs = try PyTorchNetworks.all().network("bert"), network = try Self.pretrained().network
    #expect(network.parameters.keys.elements == theirs.parameterNames)
    #expect(network.buffers.isEmpty)
    for (name, parameter) in network.parameters {
      #expect(try theirs["shape.\(name)"]?.array(of: Int64.self).map(Int.init) == parameter.shape, "\(name)")
    }
  }

  @Test("without the head of words it is transformers' classifier of pairs")
  func nextSentence() throws {
    let theirs = try PyTorchNetworks.all().network("bert"), whole = try Self.pretrained().network
    let network = BERTNextSentence(whole)
    #expect(
      network.parameters.keys.elements == theirs.parameterNames.filter { !$0.hasPrefix("cls.predictions") })
    network.isTraining = false
    let parts = try ["ids", "segments", "mask"].map { try #require(theirs[$0]) }
    try withoutGradient { () throws in
      let stacked = try Tensor.stack(parts, axis: 1)
      #expect(try Self.difference(network(stacked), theirs["next.eval"]) < 1e-4)
      let plain = try whole.predict(BERTInput(ids: parts[0])).next
      #expect(try Self.difference(network(parts[0]), plain) == 0)
    }
    #expect(throws: TorchError.self) { try network(Tensor.stack([parts[0], parts[1]], axis: 1)) }
  }

  /// Logits are of the order of 10, sums of 64 products two layers deep: what is wrong is of order 1.
  @Test("a checkpoint of transformers gives the same logits of both heads")
  func sameLogits() throws {
    let theirs = try PyTorchNetworks.all().network("bert"), network = try Self.pretrained().network
    network.isTraining = false
    try withoutGradient { () throws in
      let shape = try #require(theirs["words.eval"]).shape
      let (words, next) = try network.predict(Self.input(theirs, positions: false))
      #expect(try Self.difference(words.view(shape), theirs["words.eval"]) < 1e-4)
      #expect(try Self.difference(next, theirs["next.eval"]) < 1e-4)
      #expect(try Self.difference(network(#require(theirs["ids"])), theirs["plain.eval"]) < 1e-4)
      // Only the places that are asked for, in their order.
      let asked = try network.predict(Self.input(theirs, positions: true)).words
      let places = try Tensor([2, 7, 15, 0, 33, 41, 45, 57] as [Int64])
      #expect(try Self.difference(asked, words.indexSelect(axis: 0, places)) < 1e-5)
      // The test can fail: without the mask, and without the segments.
      var input = try Self.input(theirs, positions: false)
      input.mask = nil
      #expect(try Self.difference(network.predict(input).words.view(shape), theirs["words.eval"]) > 1e-2)
      input = try Self.input(theirs, positions: false)
      input.segments = nil
      #expect(try Self.difference(network.predict(input).words.view(shape), theirs["words.eval"]) > 1e-2)
    }
  }

  /// The generator's numbers are PyTorch's, drawn in the same order, so that even dropout is the same.
  @Test("in training the same dropout, loss and gradients as PyTorch's")
  func sameTraining() throws {
    let theirs = try PyTorchNetworks.all().network("bert"), network = try Self.pretrained().network
    let (words, next) = try network.predict(Self.input(theirs, positions: true))
    #expect(try Self.difference(words, theirs["words.train"]) < 1e-4)
    #expect(try Self.difference(next, theirs["next.train"]) < 1e-4)
    let loss =
      try crossEntropy(words, #require(theirs["labels"]).flattened())
      + crossEntropy(next, #require(theirs["next"]))
    #expect(try Self.difference(loss, theirs["loss"]) < 1e-4)
    try loss.backward()
    let gradients = theirs.group("grad")
    for (name, parameter) in network.parameters where gradients[name] != nil {
      #expect(
        try PyTorchComparisonTests.deviation(parameter.grad, gradients[name]) < PyTorchComparisonTests.tolerance,
        "gradient of \(name)")
    }
    // Every tensor has a gradient there under one of its names.
    #expect(gradients.count == network.parameters.count - 2)
  }

  @Test("dropout goes on from a generator's state, and is off in evaluation")
  func dropoutIsResumable() throws {
    let network = try Self.pretrained().network, theirs = try PyTorchNetworks.all().network("bert")
    let input = try Self.input(theirs, positions: true)
    let generators = network.generators
    // Of the embeddings, and three in each of two layers.
    #expect(generators.count == 7)
    try withoutGradient { () throws in
      _ = try network.predict(input)
      let states = try generators.mapValues { try $0.state() }
      let first = try network.predict(input).words
      #expect(try Self.difference(network.predict(input).words, first) > 1e-3)
      for (path, generator) in generators { try generator.restore(#require(states[path])) }
      #expect(try Self.difference(network.predict(input).words, first) == 0)
      network.isTraining = false
      #expect(try Self.difference(network.predict(input).words, network.predict(input).words) == 0)
    }
  }

  @Test("the decoder is the word table, before and after a checkpoint")
  func tied() throws {
    let (network, tensors) = try Self.pretrained()
    #expect(tensors["cls.predictions.decoder.weight"] == nil, "transformers leaves it out")
    let table = try #require(network.parameters["bert.embeddings.word_embeddings.weight"])
    #expect(network.parameters["cls.predictions.decoder.weight"] === table)
    #expect(network.parameters["cls.predictions.decoder.bias"] === network.parameters["cls.predictions.bias"])
    // One state in an optimiser for both names.
    let optimizer = try AdamW(network.parameters, learningRate: 1e-4)
    #expect(optimizer.parameters.count == network.parameters.count - 2)
  }

  @Test("older names are taken; what is missing, unknown or untied is named")
  func checkpoints() throws {
    let (network, tensors) = try Self.pretrained()
    var old: OrderedDictionary<String, Tensor> = [:]
    for (name, tensor) in tensors {
      old[
        name.replacingOccurrences(of: "LayerNorm.weight", with: "LayerNorm.gamma")
          .replacingOccurrences(of: "LayerNorm.bias", with: "LayerNorm.beta")] = tensor
    }
    old["bert.embeddings.position_ids"] = try Tensor.arange(to: 40).unsqueezed(0)
    let other = try BERTForPreTraining(network.configuration)
    try other.load(checkpoint: old)
    for (name, parameter) in network.parameters {
      #expect(try other.parameters[name]?.isEqual(to: parameter) == true, "\(name)")
    }
    func problem(_ change: (inout OrderedDictionary<String, Tensor>) throws -> Void) throws -> String {
      var changed = tensors
      try change(&changed)
      return try #require(throws: TorchError.self) { try other.load(checkpoint: changed) }.message
    }
    #expect(try problem { $0["bert.pooler.dense.bias"] = nil }.contains("missing: bert.pooler.dense.bias"))
    #expect(try problem { $0["classifier.weight"] = try .ones([1]) }.contains("not in the module: classifier.weight"))
    #expect(
      try problem { $0["cls.predictions.decoder.weight"] = try .ones([30_522, 64]) }
        .contains("cls.predictions.decoder.weight differs from bert.embeddings.word_embeddings.weight"))
  }

  @Test("the plan of both heads is that of PyTorch's export, by every scheme")
  func samePlan() throws {
    let program = try PyTorchNetworks.all().program("bert"), graph = try Self.pretrained().network.graph()
    // There a tied tensor goes by its last name, here by its first.
    let tied = ["cls.predictions.decoder.weight", "cls.predictions.decoder.bias"]
    for scheme in Schemes.all + Schemes.ablations {
      let ours = PyTorchComparisonTests.Outline(scheme, for: graph)
      var theirs = PyTorchComparisonTests.Outline(scheme, for: program.graph)
      for name in tied { (theirs.roles[name], theirs.rules[name]) = (nil, nil) }
      #expect(ours == theirs, "\(scheme.name)")
    }
    let plan = try InitializationPlan(IDInitScheme(), for: graph)
    let layer = "bert.encoder.layer.1"
    #expect(
      plan.blocks.flatMap(\.last).suffix(2) == [
        "\(layer).attention.output.dense.weight", "\(layer).output.dense.weight",
      ])
    #expect(plan.blocks.count == 4)
    for (name, role) in [
      ("attention.self.query", ParameterRole.query), ("attention.self.key", .key), ("attention.self.value", .value),
      ("attention.output.dense", .attentionOutput), ("intermediate.dense", .hidden), ("output.dense", .stemLast),
    ] { #expect(plan["\(layer).\(name).weight"]?.role == role, "\(name)") }
    for name in ["word", "position", "token_type"] {
      let entry = plan["bert.embeddings.\(name)_embeddings.weight"]
      #expect(entry?.role == .embedding && entry?.rule == nil, "\(name)")
    }
    #expect(plan["cls.seq_relationship.weight"]?.role == .head)
    #expect(plan["cls.predictions.transform.dense.weight"]?.rule == .identity(IdentityRule()))
  }

  /// Every stem begins at ε, so that the encoder is what its normalisations do to the embeddings: once normalised, again
  /// and again the same.
  @Test("from IDInit an encoder passes its embeddings on")
  func startsAsTheIdentity() throws {
    func hidden(layers: Int, _ scheme: some InitializationScheme) throws -> Tensor {
      var configuration = BERTConfiguration.tiny
      configuration.layers = layers
      let network = try BERTForPreTraining(configuration)
      var plan = try network.plan(scheme, seed: 3)
      try plan.apply([PlanOverride(parsing: "bert.embeddings.*_embeddings.weight=normal,std=0.02")])
      try network.initialize(by: plan)
      network.isTraining = false
      return try network(Tensor((0..<20).map { Int64($0 * 5) }, shape: [2, 10]))
    }
    let scale = try hidden(layers: 1, IDInitScheme()).abs().max().item()
    // Eight stems of ε = 1e-6 times differences of features of order 1.
    #expect(try Self.difference(hidden(layers: 4, IDInitScheme()), hidden(layers: 1, IDInitScheme())) < 1e-4 * scale)
    #expect(try Self.difference(hidden(layers: 4, XavierScheme()), hidden(layers: 1, XavierScheme())) > 0.1 * scale)
  }

  @Test("the presets have BERT's numbers of parameters")
  func sizes() throws {
    func count(_ configuration: BERTConfiguration) throws -> Int {
      // An optimiser has every tensor once.
      try AdamW(BERTForPreTraining(configuration).parameters).parameters.values.reduce(0) { $0 + $1.elementCount }
    }
    // Those of the encoders are published (google-research/bert); the heads add a linear layer and a normalisation, a
    // bias a word, and two classes.
    #expect(try count(.base) == 109_482_240 + (768 * 768 + 3 * 768) + 30_522 + (2 * 768 + 2))
    #expect(try count(.small) == 11_170_560 + (256 * 256 + 3 * 256) + 30_522 + (2 * 256 + 2))
  }

  @Test("a step's operations are those that PyTorch counts")
  func operations() throws {
    let theirs = try #require(try PyTorchNetworks.all().network("bert")["flops"]).integer()
    let configuration = try Self.pretrained().network.configuration
    #expect(configuration.trainingFLOPs(texts: 2, length: 32, predictions: 32) == Double(theirs))
    #expect(configuration.trainingFLOPs(texts: 2, length: 32, predictions: 4) < Double(theirs) / 2)
  }

  @Test("a configuration survives JSON; what the network is not made for is refused")
  func configurations() throws {
    let data = try JSONEncoder().encode(BERTConfiguration.small)
    #expect(try JSONDecoder().decode(BERTConfiguration.self, from: data) == .small)
    #expect(try JSONDecoder().decode(BERTConfiguration.self, from: Data("{}".utf8)) == .base)
    for text in [
      #"{"hidden_act": "relu"}"#, #"{"position_embedding_type": "relative_key"}"#, #"{"is_decoder": true}"#,
      #"{"model_type": "gpt2"}"#,
    ] {
      #expect(throws: DecodingError.self, "\(text)") {
        try JSONDecoder().decode(BERTConfiguration.self, from: Data(text.utf8))
      }
    }
    func refused(_ change: (inout BERTConfiguration) -> Void) {
      var configuration = BERTConfiguration.tiny
      change(&configuration)
      #expect(throws: TorchError.self, "\(configuration)") { try BERTForPreTraining(configuration) }
    }
    refused { $0.heads = 5 }
    refused { $0.layers = 0 }
    refused { $0.vocabularyCount = -1 }
    refused { $0.dropout = 1 }
    refused { $0.attentionDropout = -0.1 }
    refused { $0.normEpsilon = 0 }
    refused { $0.paddingIndex = 128 }
    let network = try BERTForPreTraining(.tiny)
    #expect(throws: TorchError.self) { try network(Tensor.zeros([1, 65], dtype: .int64)) }
    #expect(throws: TorchError.self) { try network(Tensor.zeros([4], dtype: .int64)) }
    #expect(throws: TorchError.self) { try network(Tensor.full([1, 4], 128, dtype: .int64)) }
  }
}
