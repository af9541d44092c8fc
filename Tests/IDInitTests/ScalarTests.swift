import Testing

@testable import IDInit

@Suite("Numbers that multiply stems and numbers that are added, read off the graph")
struct ScalarTests {
  /// CIFAR networks of two-convolution blocks, written down as `torch.export` records them. Their parameters have
  /// names that say nothing.
  struct Network {
    enum Style: CaseIterable { case plain, fixup, skipInit, reZero }

    var s = GraphSketch()
    private var count = 0

    mutating func name() -> String {
      count += 1
      return "p\(count)"
    }

    mutating func number(_ shape: [Int] = [1]) throws -> (name: String, id: GraphSketch.ID) {
      let name = name()
      return (name, try s.parameter(name, shape))
    }

    mutating func convolve(_ x: GraphSketch.ID, out: Int, window: Int = 3) throws -> (name: String, id: GraphSketch.ID)
    {
      let (name, shape) = (name(), s.graph[x].shape)
      let weight = try s.parameter(name, [out, shape[1], window, window])
      return (name, try s.node("aten.conv2d.default", [x, weight], [shape[0], out, shape[2], shape[3]]))
    }

    mutating func normalise(_ x: GraphSketch.ID) throws -> GraphSketch.ID {
      let width = s.graph[x].shape[1]
      let (scale, shift) = (try s.parameter(name(), [width]), try s.parameter(name(), [width]))
      return try s.node("aten.batch_norm.default", [x, scale, shift], s.graph[x].shape)
    }

    /// A block and the names of what is in it.
    struct Block {
      var first = ""
      var last = ""
      var multiplier: String?
      var biases: [String] = []
    }

    mutating func block(
      _ x: GraphSketch.ID, _ style: Style, normalised: Bool, shape: [Int] = [1],
      sharing shared: (name: String, id: GraphSketch.ID)? = nil
    ) throws -> (GraphSketch.ID, Block) {
      var block = Block()
      func biased(_ x: GraphSketch.ID, _ network: inout Network) throws -> GraphSketch.ID {
        guard style == .fixup else { return x }
        let bias = try network.number(shape)
        block.biases.append(bias.name)
        return try network.s.add(x, bias.id)
      }
      let width = s.graph[x].shape[1]
      let one = try convolve(try biased(x, &self), out: width)
      var y = normalised ? try normalise(one.id) : one.id
      y = try s.relu(try biased(y, &self))
      let two = try convolve(try biased(y, &self), out: width)
      y = normalised ? try normalise(two.id) : two.id
      if style != .plain {
        let multiplier = try shared ?? number(shape)
        block.multiplier = multiplier.name
        // Their authors write it on either side.
        y =
          style == .fixup
          ? try s.multiply(y, multiplier.id)
          : try s.node("aten.mul.Tensor", [multiplier.id, y], s.graph[y].shape)
      }
      y = try biased(y, &self)
      (block.first, block.last) = (one.name, two.name)
      return (try s.relu(try s.add(y, x)), block)
    }

    /// The whole network, its last linear layer called `fc`.
    static func build(
      blocks count: Int, _ style: Style, normalised: Bool = false, width: Int = 16, shape: [Int] = [1],
      isShared: Bool = false
    ) throws -> (NetworkGraph, [Block]) {
      var network = Network()
      var x = try network.s.relu(try network.convolve(try network.s.input("x", [2, 3, 8, 8]), out: width).id)
      let shared = isShared ? try network.number(shape) : nil
      var blocks: [Block] = []
      for _ in 0..<count {
        let (y, block) = try network.block(x, style, normalised: normalised, shape: shape, sharing: shared)
        x = y
        blocks.append(block)
      }
      let pooled = try network.s.node("aten.mean.dim", [x], [2, width])
      try network.s.output(try network.s.linear(pooled, "fc", out: 10))
      return (network.s.graph, blocks)
    }
  }

  @Test(
    "each style's scalars are found, whatever their shape, with and without batch norm",
    arguments: Network.Style.allCases, [[], [1], [1, 1, 1, 1]])
  func styles(style: Network.Style, shape: [Int]) throws {
    for normalised in [false, true] {
      let (graph, blocks) = try Network.build(blocks: 3, style, normalised: normalised, shape: shape)
      let structure = NetworkStructure(graph)
      #expect(structure.blocks.count == 3)
      for (found, expected) in zip(structure.blocks, blocks) {
        #expect(found.last == [expected.last])
        #expect(found.stemWeights == [expected.first, expected.last])
        #expect(found.multipliers == (expected.multiplier.map { [$0] } ?? []))
        if let multiplier = expected.multiplier {
          #expect(structure[multiplier]?.role == .residualScale && structure[multiplier]?.multiplies == true)
          #expect(structure[multiplier]?.reason == "multiplier of the stem joined at \(found.add)")
        }
        #expect(expected.biases.count == (style == .fixup ? 4 : 0))
        for bias in expected.biases { #expect(structure[bias]?.role == .scalarBias) }
      }
      let scalars = structure.parameters.filter { $0.role == .residualScale || $0.role == .scalarBias }
      #expect(scalars.count == (style == .plain ? 0 : style == .fixup ? 15 : 3))
    }
  }

  @Test("one number that multiplies several stems is the multiplier of all of them")
  func shared() throws {
    let (graph, blocks) = try Network.build(blocks: 3, .reZero, isShared: true)
    let structure = NetworkStructure(graph)
    let name = try #require(blocks[0].multiplier)
    #expect(structure.blocks.map(\.multipliers) == [[name], [name], [name]])
    let sums = structure.blocks.map(\.add)
    #expect(structure[name]?.reason == "multiplier of the stems joined at \(sums[0]), \(sums[1]) and \(sums[2])")
  }

  @Test("a cast, a view and dropout do not hide it", arguments: 0..<5)
  func forms(form: Int) throws {
    var n = Network()
    let x = try n.s.linear(try n.s.input("x", [2, 4]), "in", out: 8)
    let y = try n.s.linear(x, "f", out: 8)
    let number = try n.s.parameter("a", [1])
    let out: GraphSketch.ID
    switch form {
    case 0: out = try n.s.add(x, try n.s.multiply(y, try n.s.view(number, [1, 1])))
    case 1:
      let cast = try n.s.call("aten._to_copy.default", [.value(number)], [1])
      out = try n.s.add(x, try n.s.multiply(y, cast))
    case 2: out = try n.s.add(x, try n.s.node("aten.dropout.default", [try n.s.multiply(number, y)], [2, 8]))
    case 3: out = try n.s.node("aten.addcmul.default", [x, number, y], [2, 8])
    default: out = try n.s.add(x, try n.s.node("aten.mul_.Tensor", [y, number], [2, 8]))
    }
    try n.s.output(try n.s.linear(out, "head", out: 2))
    let structure = NetworkStructure(n.s.graph)
    #expect(structure["a"]?.role == .residualScale)
    #expect(structure.blocks.map(\.multipliers) == [["a"]])
  }

  enum Other: CaseIterable {
    case beforeLastWeight, outside, shortcut, alsoElsewhere, function, vector, oneSide, beforeNorm, divisor
  }

  @Test(
    "a number that does something else, or something else as well, is no stem's multiplier", arguments: Other.allCases)
  func others(_ other: Other) throws {
    var n = Network()
    let number = try n.s.parameter("a", other == .vector ? [8] : [1])
    let x = try n.s.linear(try n.s.input("x", [2, 4]), "in", out: 8)
    var (stem, shortcut) = (x, x)
    if other == .beforeLastWeight { stem = try n.s.multiply(stem, number) }
    stem = try n.s.linear(stem, "f", out: 8)
    switch other {
    case .vector: stem = try n.s.multiply(stem, number)
    case .alsoElsewhere: stem = try n.s.multiply(stem, number)
    case .function: stem = try n.s.multiply(stem, try n.s.node("aten.tanh.default", [number], [1]))
    case .oneSide: stem = try n.s.add(stem, try n.s.multiply(try n.s.linear(x, "g", out: 8), number))
    case .beforeNorm:
      let scale = try n.s.parameter("gamma", [8])
      stem = try n.s.call(
        "aten.layer_norm.default", [.value(try n.s.multiply(stem, number)), .integers([8]), .value(scale)], [2, 8])
    case .divisor: stem = try n.s.node("aten.div.Tensor", [stem, number], [2, 8])
    case .shortcut: shortcut = try n.s.multiply(x, number)
    case .beforeLastWeight, .outside: break
    }
    var y = try n.s.add(shortcut, stem)
    if other == .outside || other == .alsoElsewhere { y = try n.s.multiply(y, number) }
    try n.s.output(try n.s.linear(y, "head", out: 2))
    let structure = NetworkStructure(n.s.graph)
    #expect(structure.blocks.count == 1)
    #expect(structure["a"]?.role == .other)
    #expect(structure.blocks.allSatisfy { $0.multipliers.isEmpty })
    // As it was before there were such roles: kept, by every scheme that does not ask for scalars.
    for scheme in Schemes.all where !["fixup", "skipinit", "rezero"].contains(scheme.name) {
      #expect(try InitializationPlan(scheme, for: structure)["a"]?.rule == nil)
    }
  }

  @Test("a gate of one number on both sides of a sum is none: 1 would silence the shortcut")
  func gate() throws {
    var n = Network()
    let number = try n.s.parameter("a", [1])
    let x = try n.s.linear(try n.s.input("x", [2, 4]), "in", out: 8)
    let stem = try n.s.multiply(try n.s.linear(x, "f", out: 8), number)
    let rest = try n.s.call("aten.rsub.Scalar", [.value(number), .integer(1)], [1])
    try n.s.output(try n.s.linear(try n.s.add(try n.s.multiply(x, rest), stem), "head", out: 2))
    let structure = NetworkStructure(n.s.graph)
    #expect(structure["a"]?.role == .other)
    #expect(try InitializationPlan(IDInitScheme(), for: structure)["a"]?.rule == nil)
  }

  @Test("the bias of a layer with one output is a bias, also where it is added by itself")
  func oneOutput() throws {
    var n = Network()
    let x = try n.s.linear(try n.s.input("x", [2, 4]), "in", out: 8)
    let y = try n.s.add(try n.s.linear(x, "out", out: 1, bias: false), try n.s.parameter("b", [1]))
    try n.s.output(y)
    let structure = NetworkStructure(n.s.graph)
    #expect(structure["b"]?.role == .bias)
    let plan = try InitializationPlan(PyTorchDefaultScheme(), for: structure)
    #expect(plan["b"]?.rule == .uniform(UniformRule(low: -1 / 8.0.squareRoot(), high: 1 / 8.0.squareRoot())))
  }
}
