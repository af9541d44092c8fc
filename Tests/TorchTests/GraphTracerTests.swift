import IDInit
import Testing
import Torch

struct GraphTracerTests {
  private struct Golden: Decodable {
    struct Node: Decodable {
      let operation: String
      let name: String
      let inputs: [String]
      let shape: [Int]
    }
    let nodes: [Node]
    let parameters: [String]
    let buffers: [String]
  }

  /// What a value is called in the fixture: a stored tensor by its path.
  private func name(_ graph: NetworkGraph, _ id: NetworkGraph.ValueID) -> String {
    switch graph[id].origin {
    case .parameter(let path), .buffer(let path): path
    default: graph[id].name
    }
  }

  @Test func aTraceIsWhatTorchExportGives() throws {
    let golden = try Fixture.decode(Golden.self, "export_graph.json")
    let net = try Net()
    let graph = try GraphTracer.trace(net, Tensor.zeros([2, 3, 8, 8]))
    #expect(graph.parameters.map(\.name) == golden.parameters)
    #expect(graph.nodes.map(\.operation) == golden.nodes.map(\.operation))
    for (node, expected) in zip(graph.nodes, golden.nodes) {
      #expect(graph[node.outputs[0]].name == expected.name)
      #expect(graph[node.outputs[0]].shape == expected.shape, "\(expected.name)")
      #expect(node.inputs.map { name(graph, $0) } == expected.inputs, "\(expected.name)")
    }
    #expect(graph.outputs == [graph.nodes[graph.nodes.count - 1].outputs[0]])
  }

  @Test func tracingChangesNothing() throws {
    let net = try Net()
    net.block.bn1.isTraining = true
    _ = try GraphTracer.trace(net, sines([2, 3, 8, 8], 0.3, 0))
    #expect(net.isTraining && net.block.bn1.isTraining)
    #expect(try net.block.bn1.batchCount.integer() == 0)
    #expect(try net.block.bn1.runningMean.eq(0).all().item() == 1)
    #expect(isGradientEnabled)
    #expect(net.parameters.values.allSatisfy { $0.grad == nil })
  }

  @Test func aFailingPassIsReportedAndLeavesNoTracer() throws {
    let net = try Net()
    let before = Tensor.liveCountOfThread
    let error = #expect(throws: TorchError.self) { try GraphTracer.trace(net, Tensor.zeros([2, 5, 8, 8])) }
    #expect(error?.operation == "conv2d")
    // A tracer left behind would keep what follows.
    _ = try relu(Tensor.zeros([1]))
    #expect(Tensor.liveCountOfThread == before)
  }

  @Test func tablesInPlaceChangesAndTiesAreRecorded() throws {
    let table = try Tensor.ones([3])
    let weight = try Tensor.zeros([3, 3])
    let x = try Tensor.zeros([2, 3])
    let graph = try GraphTracer.trace(
      parameters: [("a.weight", weight), ("b.weight", weight)], inputs: [("x", x)]
    ) { () throws(TorchError) in
      let y = try linear(x, weight: weight)
      try y.formAdd(table)
      return try y.split(every: 1, axis: 0)
    }
    #expect(graph.parameters.map(\.name) == ["a.weight"])
    #expect(graph.nodes.map(\.operation) == ["aten.linear.default", "aten.add_.Tensor", "aten.split.Tensor"])
    #expect(graph.nodes[2].inputs == graph.nodes[1].outputs)
    #expect(graph[graph.nodes[1].inputs[1]].origin == .buffer("constant_0"))
    #expect(graph.outputs == graph.nodes[2].outputs && graph.outputs.count == 2)
    #expect(throws: TorchError.self) {
      try GraphTracer.trace(
        parameters: [("same", weight), ("same", table)], inputs: []
      ) { () throws(TorchError) in [] }
    }
  }
}
