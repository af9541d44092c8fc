import Testing

@testable import IDInit

@Suite("Residual blocks")
struct ResidualTests {
  private func trunk(_ s: inout GraphSketch) throws -> GraphSketch.ID {
    try s.linear(try s.input("x", [2, 6]), "in", out: 8)
  }

  private func mlp(_ s: inout GraphSketch, _ x: GraphSketch.ID, _ name: String) throws -> GraphSketch.ID {
    try s.linear(try s.relu(try s.linear(x, "\(name).1", out: 16)), "\(name).2", out: 8)
  }

  @Test("a copy, a cast or another shape of the input is the input")
  func copies() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    let copy = try s.call("aten.to.dtype", [.value(x), .string("float32")], [2, 8])
    let shaped = try s.view(copy, [2, 2, 4])
    let stem = try s.view(try mlp(&s, x, "a"), [2, 2, 4])
    try s.output(try s.add(shaped, stem))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.kind) == [.identity])
    #expect(structure.blocks[0].shortcut == "view" && structure.blocks[0].last == ["a.2.weight"])
  }

  @Test("x + f(x) + g(x), added up from the left, from the right, and inside")
  func parallel() throws {
    for order in 0..<3 {
      var s = GraphSketch()
      let x = try trunk(&s)
      let a = try mlp(&s, x, "a"), b = try mlp(&s, x, "b")
      let y =
        switch order {
        case 0: try s.add(try s.add(x, a), b)
        case 1: try s.add(a, try s.add(b, x))
        default: try s.add(x, try s.add(a, b))
        }
      try s.output(try s.linear(y, "head", out: 2))
      let structure = NetworkStructure(s.graph)
      #expect(Set(structure.blocks.flatMap(\.last)) == ["a.2.weight", "b.2.weight"], "\(order)")
      #expect(structure.roles["head.weight"] == .head)
    }
  }

  @Test("shortcuts without a weight: pooled, padded, strided, normalised, scaled")
  func weightlessShortcuts() throws {
    for form in 0..<4 {
      var s = GraphSketch()
      let x = try s.node(
        "aten.conv2d.default", [try s.input("x", [2, 3, 8, 8]), try s.parameter("in", [4, 3, 1, 1])], [2, 4, 8, 8])
      let isStrided = form < 2
      let shape = [2, 4, isStrided ? 4 : 8, isStrided ? 4 : 8]
      let inner = try s.relu(
        try s.node("aten.conv2d.default", [x, try s.parameter("a", [4, 4, 3, 3])], shape))
      let stem = try s.node("aten.conv2d.default", [inner, try s.parameter("b", [4, 4, 3, 3])], shape)
      let shortcut: GraphSketch.ID
      switch form {
      case 0: shortcut = try s.node("aten.avg_pool2d.default", [x], shape)
      case 1:
        let rows = try s.call(
          "aten.slice.Tensor", [.value(x), .integer(2), .integer(0), .integer(Int.max), .integer(2)], [2, 4, 4, 8])
        shortcut = try s.call(
          "aten.slice.Tensor", [.value(rows), .integer(3), .integer(0), .integer(Int.max), .integer(2)], shape)
      case 2:
        shortcut = try s.graph.addNode(
          "aten.batch_norm.default", [.value(x), .value(try s.parameter("gamma", [4])), .none, .none, .none],
          outputs: [("batch_norm", shape)])[0]
      default: shortcut = try s.call("aten.mul.Scalar", [.value(x), .real(0.5)], shape)
      }
      try s.output(try s.add(stem, shortcut))
      let structure = NetworkStructure(s.graph)
      #expect(structure.blocks.map(\.last) == [["b"]], "\(form)")
      #expect(structure.blocks[0].kind == .projection && structure.blocks[0].shortcutWeights.isEmpty)
    }
  }

  @Test("a trainable shortcut is said")
  func trainableShortcut() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    try s.output(try s.add(try s.linear(x, "down", out: 8), try mlp(&s, x, "a")))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks[0].shortcutWeights == ["down.weight"])
    #expect(structure.blocks[0].notes == ["the shortcut is a projection, which is trained as well"])
    #expect(structure.blocks[0].stemWeights == ["a.1.weight", "a.2.weight"])
    #expect(structure["a.2.weight"]?.reason == "ends the stem joined at add")
  }

  @Test("a stem that also reads the time shares no dominator with its projection, and is found all the same")
  func conditioned() throws {
    var s = GraphSketch()
    var x = try trunk(&s)
    let time = try s.linear(try s.input("t", [2, 4]), "time", out: 8)
    for name in ["a", "b"] {
      let h = try s.add(try s.linear(x, "\(name).1", out: 8), try s.linear(try s.relu(time), "\(name).t", out: 8))
      x = try s.add(try s.linear(x, "\(name).skip", out: 8), try s.linear(try s.relu(h), "\(name).2", out: 8))
    }
    try s.output(try s.linear(x, "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["a.2.weight"], ["b.2.weight"]])
    #expect(structure.blocks.map(\.shortcutWeights) == [["a.skip.weight"], ["b.skip.weight"]])
    // The time that is added to what a block has computed so far is no shortcut.
    #expect(structure.roles["b.t.weight"] == .hidden && structure.roles["b.1.weight"] == .hidden)
  }

  @Test("reversible halves")
  func coupling() throws {
    var s = GraphSketch()
    let halves = try s.chunk(try trunk(&s), 2, 1)
    func half(_ x: GraphSketch.ID, _ name: String) throws -> GraphSketch.ID {
      try s.linear(try s.relu(try s.linear(x, "\(name).1", out: 8)), "\(name).2", out: 4)
    }
    let a = try s.add(halves[0], try half(halves[1], "f"))
    let b = try s.add(halves[1], try half(a, "g"))
    try s.output(try s.call("aten.cat.default", [.values([a, b]), .integer(1)], [2, 8]))
    #expect(NetworkStructure(s.graph).blocks.map(\.last) == [["f.2.weight"], ["g.2.weight"]])
  }

  // MARK: What is none

  @Test("activation functions written out, rotations, and sums of one value with itself")
  func elementwise() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    let cube = try s.call(
      "aten.mul.Tensor",
      [.value(try s.call("aten.pow.Tensor_Scalar", [.value(x), .integer(3)], [2, 8])), .real(0.04)],
      [2, 8])
    let gelu = try s.multiply(x, try s.node("aten.tanh.default", [try s.add(x, cube)], [2, 8]))
    let swish = try s.add(gelu, try s.multiply(gelu, try s.node("aten.sigmoid.default", [gelu], [2, 8])))
    try s.output(try s.linear(try s.add(swish, swish), "out", out: 2))
    #expect(NetworkStructure(s.graph).blocks.isEmpty)
  }

  @Test("statistics and gates of the input itself are no stem, however they are computed")
  func modulation() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    // global response normalisation: γ (x · n(x)) + β + x
    let norm = try s.call("aten.linalg_vector_norm.default", [.value(x)], [2, 1])
    let scaled = try s.add(
      try s.multiply(try s.parameter("gamma", [8]), try s.multiply(x, norm)), try s.parameter("beta", [8]))
    let y = try s.add(scaled, x)
    // a residual mask: (1 + m(x)) x
    let mask = try s.node("aten.sigmoid.default", [try s.linear(y, "mask", out: 8)], [2, 8])
    try s.output(try s.linear(try s.add(y, try s.multiply(y, mask)), "out", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.isEmpty)
    #expect(structure.roles["mask.weight"] == .hidden && structure.roles["gamma"] == .normScale)
  }

  @Test("a highway's carry and a GRU's mix are gates, no shortcuts")
  func gates() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    let t = try s.node("aten.sigmoid.default", [try s.linear(x, "t", out: 8)], [2, 8])
    let carry = try s.multiply(try s.call("aten.rsub.Scalar", [.value(t), .integer(1)], [2, 8]), x)
    let y = try s.add(try s.multiply(t, try s.relu(try s.linear(x, "h", out: 8))), carry)
    // n + z (h − n)
    let n = try s.node("aten.tanh.default", [try s.linear(y, "n", out: 8)], [2, 8])
    let z = try s.node("aten.sigmoid.default", [try s.linear(y, "z", out: 8)], [2, 8])
    let mix = try s.add(try s.multiply(try s.node("aten.sub.Tensor", [y, n], [2, 8]), z), n)
    try s.output(try s.linear(mix, "out", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.isEmpty)
    #expect(structure.roles["out.weight"] == .hidden)
  }

  @Test("steps of an unrolled recurrence")
  func recurrence() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 3, 6]), "in", out: 8)
    let w = try s.parameter("hh", [8, 8])
    var h = try s.node("aten.tanh.default", [try s.select(x, 1, 0)], [2, 8])
    for step in 1..<3 {
      let sum = try s.add(try s.select(x, 1, step), try s.node("aten.linear.default", [h, w], [2, 8]))
      h = try s.node("aten.tanh.default", [sum], [2, 8])
    }
    try s.output(h)
    #expect(NetworkStructure(s.graph).blocks.isEmpty)
    // The same input at every step.
    var t = GraphSketch()
    let context = try t.input("x", [2, 6])
    let (ih, hh) = (try t.parameter("ih", [8, 6]), try t.parameter("hh", [8, 8]))
    var state = try t.node("aten.tanh.default", [try t.node("aten.linear.default", [context, ih], [2, 8])], [2, 8])
    for _ in 0..<3 {
      let sum = try t.add(
        try t.node("aten.linear.default", [context, ih], [2, 8]),
        try t.node("aten.linear.default", [state, hh], [2, 8]))
      state = try t.node("aten.tanh.default", [sum], [2, 8])
    }
    try t.output(state)
    #expect(NetworkStructure(t.graph).blocks.isEmpty)
  }

  @Test("the levels of a pyramid feed others too, and a split's pieces are no blocks")
  func pyramids() throws {
    var s = GraphSketch()
    let a = try s.relu(try trunk(&s))
    let b = try s.relu(try s.linear(a, "stage", out: 8))
    let top = try s.linear(b, "lateral.top", out: 8)
    let low = try s.add(
      try s.linear(a, "lateral.low", out: 8), try s.node("aten.upsample_nearest1d.vec", [top], [2, 8]))
    try s.output(try s.linear(low, "out.low", out: 8), try s.linear(top, "out.top", out: 8))
    #expect(NetworkStructure(s.graph).blocks.isEmpty)

    // Res2Net: each piece is added to the one before it, and all are concatenated.
    var t = GraphSketch()
    let x = try trunk(&t)
    let pieces = try t.chunk(x, 4, 1)
    var results = [pieces[0]]
    var last = pieces[1]
    for index in 1..<4 {
      if index > 1 { last = try t.add(pieces[index], last) }
      last = try t.linear(last, "piece\(index)", out: 2)
      results.append(last)
    }
    let y = try t.linear(try t.call("aten.cat.default", [.values(results), .integer(1)], [2, 8]), "merge", out: 8)
    try t.output(try t.add(x, y))
    #expect(NetworkStructure(t.graph).blocks.map(\.last) == [["merge.weight"]])
  }

  @Test("a stem whose end is used elsewhere is no stem, and that is said")
  func shared() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    let both = try s.chunk(try s.linear(x, "both", out: 16), 2, 1)
    let y = try s.add(x, both[0])
    try s.output(try s.linear(y, "out", out: 2), try s.linear(both[1], "skip", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.isEmpty)
    #expect(
      structure.notes == [
        "add adds to its input what is also used elsewhere: no residual block, since a zero would silence both"
      ])
    let notes = try InitializationPlan(IDInitScheme(), for: structure).notes
    #expect(structure.notes.allSatisfy(notes.contains))
  }

  @Test("a state-space model's direct term is no shortcut")
  func stateSpace() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    let y = try s.node(
      "aten.bmm.default", [try s.linear(x, "b", out: 8), try s.linear(try s.relu(x), "c", out: 8)], [2, 8])
    try s.output(try s.add(y, try s.multiply(x, try s.parameter("d", [8]))))
    #expect(NetworkStructure(s.graph).blocks.isEmpty)
  }

  // MARK: Notes

  @Test("what a zero cannot silence is said")
  func notes() throws {
    func note(_ build: (inout GraphSketch, GraphSketch.ID) throws -> GraphSketch.ID) throws -> [String] {
      var s = GraphSketch()
      let x = try trunk(&s)
      try s.output(try s.add(x, try build(&s, x)))
      return NetworkStructure(s.graph).blocks.flatMap(\.notes)
    }
    #expect(
      try note { s, x in try s.node("aten.sigmoid.default", [try s.linear(x, "a", out: 8)], [2, 8]) }
        == ["sigmoid follows the stem's last weight and does not map zero to zero"])
    #expect(
      try note { s, x in try s.node("aten.softmax.int", [try s.linear(x, "a", out: 8)], [2, 8]) }
        == ["softmax follows the stem's last weight and does not map zero to zero"])
    // Inner shortcuts that lead through without a weight.
    let nested = try note { s, x in
      let y = try s.add(x, try mlp(&s, x, "a"))
      return try s.node("aten.tanh.default", [y], [2, 8])
    }
    #expect(nested.contains("a path through the stem has no weight: no zero makes the block its shortcut"))
    #expect(try note { s, x in try s.node("aten.tanh.default", [try s.linear(x, "a", out: 8)], [2, 8]) } == [])
  }

  @Test("nothing before a sigmoid carries the zero; a projection that ends a longer stem makes no block of its own")
  func noCarrier() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    let y = try s.add(x, try s.node("aten.sigmoid.default", [try s.linear(x, "a", out: 8)], [2, 8]))
    // LoRA at the end of a stem: y + (W h + B A h)
    let h = try s.relu(try s.linear(y, "f", out: 8))
    let low = try s.linear(try s.linear(h, "lora.a", out: 2), "lora.b", out: 8)
    try s.output(try s.add(y, try s.add(try s.linear(h, "w", out: 8), low)))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [[], ["lora.b.weight", "w.weight"]])
    #expect(structure["a.weight"]?.role == .hidden && structure["a.weight"]?.endsStem == false)
    #expect(structure["lora.b.weight"]?.reason == "ends the stem joined at add_2")
  }

  @Test("of many ambiguous products the first is named and the rest are counted")
  func manyProducts() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    var y = try s.linear(x, "0", out: 8)
    for index in 1..<4 { y = try s.multiply(y, try s.linear(x, "\(index)", out: 8)) }
    try s.output(try s.add(x, y))
    #expect(
      NetworkStructure(s.graph).blocks[0].notes
        == ["mul and 2 more multiply two paths of equal standing; the zero goes to the first factor"])
  }

  @Test("gates that are not computed from the main path: spread out, or a sigmoid")
  func foreignGates() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 3, 6]), "in", out: 8)
    let condition = try s.linear(try s.input("c", [2, 1, 4]), "condition", out: 8)
    let a = try s.add(x, try s.multiply(condition, try s.linear(x, "a", out: 8)))
    let gate = try s.node("aten.sigmoid.default", [try s.linear(a, "gate", out: 8)], [2, 3, 8])
    try s.output(try s.add(a, try s.multiply(gate, try s.linear(a, "b", out: 8))))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["a.weight"], ["b.weight"]])
    #expect(structure.blocks.flatMap(\.notes) == [])
  }

  @Test("blocks that share weights name all their sums; a weight used elsewhere too says so")
  func sharedWeights() throws {
    var s = GraphSketch()
    var x = try trunk(&s)
    let (a, b) = (try s.parameter("a", [16, 8]), try s.parameter("b", [8, 16]))
    for _ in 0..<5 {
      let inner = try s.relu(try s.node("aten.linear.default", [x, a], [2, 16]))
      x = try s.add(x, try s.node("aten.linear.default", [inner, b], [2, 8]))
    }
    let w = try s.parameter("w", [8, 8])
    let once = try s.relu(try s.node("aten.linear.default", [x, w], [2, 8]))
    try s.output(try s.add(x, try s.node("aten.linear.default", [once, w], [2, 8])))
    let structure = NetworkStructure(s.graph)
    #expect(structure["b"]?.reason == "ends the stems joined at add, add_1 and 3 more")
    #expect(structure["w"]?.reason == "ends the stem joined at add_5; also used elsewhere, where its zero counts too")
    #expect(structure.roles["a"] == .hidden)
  }

  // MARK: Scales

  @Test("layer scale, ReZero and norms on the way: who scales what")
  func scales() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    let a = try s.add(x, try s.multiply(try mlp(&s, x, "a"), try s.parameter("layer_scale", [8])))
    let alpha = try s.parameter("alpha", [])
    let normed = try s.graph.addNode(
      "aten.native_batch_norm.default",
      [.value(try mlp(&s, a, "b")), .value(try s.parameter("gamma", [8])), .value(try s.parameter("beta", [8]))],
      outputs: [("native_batch_norm", [2, 8]), ("mean", [8]), ("rstd", [8])])[0]
    let b = try s.add(a, try s.multiply(normed, alpha))
    // addcmul(x, scale, f(x))
    let c = try s.call(
      "aten.addcmul.default",
      [.value(b), .value(try s.parameter("fused_scale", [8])), .value(try mlp(&s, b, "c"))], [2, 8])
    try s.output(try s.linear(c, "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["a.2.weight"], ["b.2.weight"], ["c.2.weight"]])
    #expect(structure.blocks.map(\.lastNormScales) == [[], ["gamma"], []])
    #expect(structure["layer_scale"]?.reason == "scales the stem joined at add")
    #expect(structure["alpha"]?.reason == "multiplier of the stem joined at add_1")
    #expect(structure["alpha"]?.role == .residualScale && structure["alpha"]?.multiplies == true)
    #expect(structure.blocks.map(\.multipliers) == [[], ["alpha"], []])
    for name in ["layer_scale", "fused_scale"] {
      #expect(structure[name]?.role == .other && structure[name]?.multiplies == true, "\(name)")
    }
    #expect(structure["gamma"]?.role == .normScale && structure["beta"]?.role == .normBias)
  }

  @Test("after the addition, as in BERT, no norm belongs to the stem")
  func postNorm() throws {
    var s = GraphSketch()
    let x = try trunk(&s)
    let sum = try s.add(x, try mlp(&s, x, "a"))
    let y = try s.graph.addNode(
      "aten.layer_norm.default", [.value(sum), .integers([8]), .value(try s.parameter("gamma", [8]))],
      outputs: [("layer_norm", [2, 8])])[0]
    try s.output(try s.linear(y, "head", out: 2))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks[0].lastNormScales.isEmpty)
    #expect(structure.roles["head.weight"] == .head)
  }

  @Test(
    "a stem that is modulated from elsewhere carries the zero, whichever factor is written first",
    arguments: [true, false])
  func modulation(stemFirst: Bool) throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 6]), "in", out: 4)
    let gate = try s.linear(try s.input("c", [2, 6]), "gate", out: 4)
    let stem = try s.linear(try s.relu(try s.linear(x, "f1", out: 8)), "f2", out: 4)
    let scaled = stemFirst ? try s.multiply(stem, gate) : try s.multiply(gate, stem)
    try s.output(try s.linear(try s.add(x, scaled), "head", out: 3))
    let structure = NetworkStructure(s.graph)
    #expect(structure.blocks.map(\.last) == [["f2.weight"]])
    #expect(structure.roles["f2.weight"] == .stemLast)
    #expect(structure.roles["gate.weight"] == .first)
  }

  @Test("what is taken away from its shortcut is a stem; a deviation and a negated block are none")
  func difference() throws {
    func structure(_ build: (inout GraphSketch, GraphSketch.ID, GraphSketch.ID) throws -> GraphSketch.ID) throws
      -> NetworkStructure
    {
      var s = GraphSketch()
      let x = try s.relu(try s.linear(try s.input("x", [2, 6]), "in", out: 4))
      let stem = try s.linear(try s.relu(try s.linear(x, "f1", out: 8)), "f2", out: 4)
      try s.output(try s.linear(try build(&s, x, stem), "head", out: 3))
      return NetworkStructure(s.graph)
    }
    let taken = try structure { s, x, stem in try s.node("aten.sub.Tensor", [x, stem], [2, 4]) }
    #expect(taken.blocks.map(\.last) == [["f2.weight"]])
    #expect(taken.blocks.map(\.add) == ["sub"])
    let reversed = try structure { s, x, stem in try s.node("aten.sub.Tensor", [stem, x], [2, 4]) }
    #expect(reversed.blocks.isEmpty)
    let deviation = try structure { s, x, _ in
      try s.node("aten.sub.Tensor", [x, try s.node("aten.mean.dim", [x], [2, 1])], [2, 4])
    }
    #expect(deviation.blocks.isEmpty)
  }
}
