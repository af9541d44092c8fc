import Testing

@testable import IDInit

@Suite("Normalisations, whole and written out")
struct NormalisationTests {
  /// (operation, position of the scale, of the bias); what comes between is left out.
  @Test(
    arguments: [
      ("aten.batch_norm.default", 1, 2), ("aten._native_batch_norm_legit.default", 1, 2),
      ("aten._native_batch_norm_legit_no_training.default", 1, 2),
      ("aten._native_batch_norm_legit_functional.default", 1, 2), ("aten.native_batch_norm.default", 1, 2),
      ("aten._batch_norm_with_update.default", 1, 2), ("aten.instance_norm.default", 1, 2),
      ("aten.layer_norm.default", 2, 3), ("aten.native_layer_norm.default", 2, 3), ("aten.group_norm.default", 2, 3),
      ("aten.native_group_norm.default", 1, 2), ("aten.rms_norm.default", 2, nil),
      ("aten._fused_rms_norm.default", 2, nil),
    ] as [(String, Int, Int?)])
  func operations(operation: String, scale: Int, bias: Int?) throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "in", out: 8)
    var arguments = [NetworkGraph.Argument](repeating: .none, count: 5)
    arguments[0] = .value(x)
    arguments[scale] = .value(try s.parameter("gamma", [8]))
    if let bias { arguments[bias] = .value(try s.parameter("beta", [8])) }
    try s.output(try s.linear(try s.call(operation, arguments, [2, 8]), "out", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure["gamma"]?.role == .normScale && structure["gamma"]?.multiplies == true)
    if bias != nil { #expect(structure["beta"]?.role == .normBias) }
  }

  private struct Written {
    var s = GraphSketch()

    func shape(_ x: GraphSketch.ID) -> [Int] { s.graph[x].shape }

    mutating func mean(_ x: GraphSketch.ID) throws -> GraphSketch.ID {
      try s.call("aten.mean.dim", [.value(x), .integers([-1]), .boolean(true)], [2, 1])
    }

    mutating func unary(_ name: String, _ x: GraphSketch.ID) throws -> GraphSketch.ID {
      try s.node("aten.\(name).default", [x], shape(x))
    }

    mutating func plus(_ x: GraphSketch.ID, _ value: Double) throws -> GraphSketch.ID {
      try s.call("aten.add.Tensor", [.value(x), .real(value)], shape(x))
    }

    mutating func subtract(_ a: GraphSketch.ID, _ b: GraphSketch.ID) throws -> GraphSketch.ID {
      try s.node("aten.sub.Tensor", [a, b], [2, 8])
    }

    mutating func divide(_ a: GraphSketch.ID, _ b: GraphSketch.ID) throws -> GraphSketch.ID {
      try s.node("aten.div.Tensor", [a, b], [2, 8])
    }

    mutating func square(_ x: GraphSketch.ID) throws -> GraphSketch.ID {
      try s.call("aten.pow.Tensor_Scalar", [.value(x), .integer(2)], shape(x))
    }
  }

  @Test(
    "written out: Llama's and T5's, Gemma's 1 + w, layer norms in three ways, a batch norm on stored statistics",
    arguments: 0..<6)
  func written(form: Int) throws {
    var w = Written()
    let x = try w.s.linear(try w.s.input("x", [2, 4]), "in", out: 8)
    let gamma = try w.s.parameter("gamma", [8])
    let beta = try w.s.parameter("beta", [8])
    let rms = { (w: inout Written) in try w.unary("rsqrt", try w.plus(try w.mean(try w.square(x)), 1e-6)) }
    var y: GraphSketch.ID
    switch form {
    case 0:  // w · x · rsqrt(mean(x²) + ε), with casts
      let normed = try w.s.multiply(x, try rms(&w))
      y = try w.s.multiply(
        gamma, try w.s.call("aten.to.dtype", [.value(normed), .string("float32")], [2, 8]))
    case 1:  // (1 + w)
      y = try w.s.multiply(try w.s.multiply(x, try rms(&w)), try w.plus(gamma, 1))
    case 2:  // w · (x − m) / √(v + ε)
      let centred = try w.subtract(x, try w.mean(x))
      let deviation = try w.unary("sqrt", try w.plus(try w.mean(try w.square(centred)), 1e-5))
      y = try w.divide(try w.s.multiply(gamma, centred), deviation)
    case 3:  // w · ((x − m) / (std + ε))
      let deviation = try w.plus(try w.s.call("aten.std.correction", [.value(x)], [2, 1]), 1e-5)
      y = try w.s.multiply(gamma, try w.divide(try w.subtract(x, try w.mean(x)), deviation))
    case 4:  // (x − m) · rsqrt(var + ε) from aten.var_mean
      let statistics = try w.s.pieces("aten.var_mean.correction", [.value(x)], [[2, 1], [2, 1]])
      let centred = try w.subtract(x, statistics[1])
      y = try w.s.multiply(
        try w.s.multiply(centred, try w.unary("rsqrt", try w.plus(statistics[0], 1e-5))), gamma)
    default:  // stored mean and variance
      let mean = try w.s.graph.addBuffer("mean", shape: [8])
      let variance = try w.s.graph.addBuffer("variance", shape: [8])
      let centred = try w.subtract(x, mean)
      y = try w.s.multiply(
        try w.s.multiply(centred, try w.unary("rsqrt", try w.plus(variance, 1e-5))), try w.s.view(gamma, [1, 8]))
    }
    y = try w.s.add(y, beta)
    try w.s.output(try w.s.linear(try w.s.add(x, try w.s.linear(y, "f", out: 8)), "head", out: 2))
    let structure = NetworkStructure(w.s.graph)
    #expect(structure.roles["gamma"] == .normScale && structure.roles["beta"] == .normBias)
    #expect(structure["gamma"]?.multiplies == (form != 1))
    #expect(structure.blocks.map(\.last) == [["f.weight"]])
    // A scale that is written as 1 + w does nothing at 0.
    let plan = try InitializationPlan(IDInitScheme(), for: structure)
    #expect(plan["gamma"]?.ruleWithoutValues == (form == 1 ? .zero : .constant(ConstantRule(1))))
  }

  @Test("a norm at the end of a stem is passed on the way to the last weight, and named")
  func inStem() throws {
    var w = Written()
    let x = try w.s.linear(try w.s.input("x", [2, 4]), "in", out: 8)
    let h = try w.s.linear(x, "f", out: 8)
    let normed = try w.s.multiply(h, try w.unary("rsqrt", try w.plus(try w.mean(try w.square(h)), 1e-6)))
    try w.s.output(try w.s.add(x, try w.s.multiply(normed, try w.s.parameter("gamma", [8]))))
    let structure = NetworkStructure(w.s.graph)
    #expect(structure.blocks.map(\.last) == [["f.weight"]])
    #expect(structure.blocks.map(\.lastNormScales) == [["gamma"]])
    #expect(structure.blocks[0].notes.isEmpty)
  }

  @Test("other parameters say what is done with them")
  func others() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 3, 4]), "in", out: 8)
    let token = try s.call(
      "aten.expand.default", [.value(try s.parameter("token", [1, 1, 8])), .integers([2, 1, 8])], [2, 1, 8])
    var y = try s.call("aten.cat.default", [.values([token, x]), .integer(1)], [2, 4, 8])
    y = try s.add(y, try s.parameter("positions", [1, 4, 8]))
    let table = try s.call(
      "aten.index.Tensor",
      [.value(try s.parameter("relative", [9, 8])), .values([try s.graph.addBuffer("i", shape: [4])])],
      [4, 8])
    y = try s.add(y, table)
    y = try s.node("aten.prelu.default", [y, try s.parameter("slope", [1])], [2, 4, 8])
    y = try s.multiply(y, try s.node("aten.exp.default", [try s.parameter("temperature", [])], []))
    let heads = try s.add(
      try s.view(try s.linear(y, "wide", out: 8, bias: false), [2, 4, 2, 4]), try s.parameter("bias", [2, 4]))
    let late = try s.add(
      try s.linear(try s.view(heads, [2, 4, 8]), "late", out: 8, bias: false), try s.parameter("offset", [8]))
    try s.output(late)
    let structure = NetworkStructure(s.graph)
    #expect(structure["token"]?.reason == "concatenated to activations")
    #expect(structure["positions"]?.reason == "added to activations")
    #expect(structure["relative"]?.reason == "added to activations")
    #expect(structure["slope"]?.reason == "slope of a PReLU")
    #expect(structure["temperature"]?.reason == "a number that activations are multiplied by")
    #expect(structure["temperature"]?.multiplies == false)  // it enters through exp, and does nothing at 0
    for name in ["token", "positions", "relative", "slope", "temperature"] { #expect(structure.roles[name] == .other) }
    #expect(structure["bias"]?.role == .bias && structure["bias"]?.weight == .linear(out: 8, in: 8))
    #expect(structure["offset"]?.role == .bias && structure["offset"]?.weight == .linear(out: 8, in: 8))
    #expect(structure.blocks.isEmpty)
  }
}
