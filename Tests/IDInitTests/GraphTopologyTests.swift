import Testing

@testable import IDInit

@Suite("Ancestry and dominance")
struct GraphTopologyTests {
  /// A random acyclic graph of additions with one or two inputs.
  static func randomGraph(seed: UInt64) throws -> NetworkGraph {
    var random = SplitMix(state: seed)
    var s = GraphSketch()
    var ids = [try s.input("x", [1])]
    if seed % 3 == 0 { ids.append(try s.input("y", [1])) }
    for _ in 0..<14 {
      let a = ids[Int(random.next() % UInt64(ids.count))]
      let b = ids[Int(random.next() % UInt64(ids.count))]
      ids.append(try s.add(a, b))
    }
    return s.graph
  }

  /// Dominance by its definition: `a` dominates `b` if no input reaches `b` once `a` is taken out.
  static func dominatesByDefinition(_ a: Int, _ b: Int, _ topology: GraphTopology) -> Bool {
    if a == b { return true }
    var pending = [b]
    var seen: Set<Int> = [b]
    while let v = pending.popLast() {
      if topology.predecessors[v].isEmpty { return false }
      for p in topology.predecessors[v] where p != a && seen.insert(p).inserted { pending.append(p) }
    }
    return true
  }

  @Test("against the definitions, on random graphs", arguments: 1...60)
  func definitions(seed: Int) throws {
    let topology = GraphReading(try Self.randomGraph(seed: UInt64(seed))).path.topology
    let search = ReachSearch(topology)
    let vertices = Array(topology.predecessors.indices)
    var reach = vertices.map { _ in Set<Int>() }
    for v in vertices { for p in topology.predecessors[v] { reach[v].formUnion(reach[p].union([p])) } }
    for a in vertices {
      for b in vertices {
        #expect(search.isAncestor(a, of: b) == reach[b].contains(a))
        #expect(topology.dominates(a, b) == Self.dominatesByDefinition(a, b, topology), "\(a) over \(b)")
        let common = vertices.filter {
          Self.dominatesByDefinition($0, a, topology) && Self.dominatesByDefinition($0, b, topology)
        }
        #expect(topology.nearestCommonDominator(a, b) == common.last)
      }
    }
  }

  struct SplitMix {
    var state: UInt64
    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return z ^ (z >> 31)
    }
  }

  @Test("a graph refuses values that are not there and names that are taken")
  func malformed() throws {
    var graph = NetworkGraph()
    try graph.addInput("x", shape: [1])
    #expect(throws: GraphError.duplicateName("x")) { try graph.addInput("x", shape: [1]) }
    #expect(throws: GraphError.negativeSize(name: "y", size: -1)) { try graph.addInput("y", shape: [-1]) }
    #expect(throws: GraphError.unknownValue(operation: "aten.relu.default", index: 9, count: 1)) {
      try graph.addNode("aten.relu.default", [.value(.init(index: 9))], outputs: [("relu", [1])])
    }
    #expect(throws: GraphError.negativeSize(name: "v", size: -2)) {
      try graph.addNode("aten.topk.default", [.value(.init(index: 0))], outputs: [("u", [1]), ("v", [-2])])
    }
    #expect(graph.value(named: "u") == nil && graph.nodes.isEmpty)
    #expect(throws: GraphError.self) { try graph.addParameter("a.b", shape: [-1]) }
    try graph.addParameter("a.b", shape: [1])
    try graph.addParameter("a_b", shape: [1])
    #expect(graph.parameters.map(\.name) == ["a.b", "a_b"])
    #expect(throws: GraphError.duplicateName("a.b")) { try graph.addParameter("a.b", shape: [1]) }
  }
}
