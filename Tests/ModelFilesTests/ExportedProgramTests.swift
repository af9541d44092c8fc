import Foundation
import IDInit
import TestSupport
import Testing

@testable import ModelFiles

/// What is read from programs that PyTorch wrote is what Python says about them.
struct ExportedProgramTests {
  @Test("the operations are Python's, with their names, operands, shapes and modules", arguments: ProgramFixture.names)
  func operations(_ name: String) throws {
    let expected = try ProgramFixture.contents(name)
    let graph = try ExportedProgram(path: ProgramFixture.path(name)).graph
    // A tied parameter is read under one of its names.
    var names: [String: String] = [:]
    for (alias, original) in graph.ties { names[expected.parameters[alias] ?? ""] = expected.parameters[original] }
    func renamed(_ argument: ProgramContents.Argument?) -> ProgramContents.Argument? {
      switch argument {
      case .one(let name): .one(names[name] ?? name)
      case .several(let list): .several(list.map { names[$0] ?? $0 })
      case nil: nil
      }
    }
    #expect(graph.nodes.count == expected.nodes.count)
    for (node, var wanted) in zip(graph.nodes, expected.nodes) {
      var found = graph.contents(of: node)
      if wanted.operation.hasPrefix("wrap_with") || wanted.operation == "cond" { continue }
      wanted.inputs = wanted.inputs.map { names[$0] ?? $0 }
      wanted.arguments = wanted.arguments?.map(renamed)
      // Other operations have their arguments as they come.
      if ArgumentNames.table[node.operation] == nil { wanted.arguments = found.arguments }
      while found.arguments?.last == .some(nil) { found.arguments?.removeLast() }
      while wanted.arguments?.last == .some(nil) { wanted.arguments?.removeLast() }
      #expect(found == wanted)
    }
  }

  @Test("parameters, buffers, inputs and outputs are Python's", arguments: ProgramFixture.names)
  func signature(_ name: String) throws {
    let expected = try ProgramFixture.contents(name)
    let program = try ExportedProgram(path: ProgramFixture.path(name))
    let graph = program.graph
    var parameters: [String: String] = [:], buffers: [String: String] = [:], inputs: [String] = []
    for value in graph.values {
      switch value.origin {
      case .parameter(let path): parameters[path] = value.name
      case .buffer(let path): buffers[path] = value.name
      case .input: inputs.append(value.name)
      case .node: break
      }
    }
    #expect(parameters == expected.parameters)
    // Constants are buffers of the graph.
    #expect(expected.buffers.allSatisfy { buffers[$0] == $1 })
    #expect(inputs == expected.inputs)
    #expect(graph.outputs.map(graph.name) == expected.outputs)
    #expect(program.torchVersion == expected.torch)
    let tensors = program.tensors
    #expect(Set(tensors.filter { $0.kind == .parameter }.map(\.name)) == Set(expected.parameters.keys))
    #expect(tensors.filter { $0.kind == .buffer }.map(\.name) == expected.persistent)
    #expect(graph.parameters.map(\.name) == tensors.filter { $0.kind == .parameter }.map(\.name))
  }

  @Test("the values are Python's, byte for byte, in pieces of any size", arguments: ProgramFixture.names)
  func values(_ name: String) throws {
    let program = try ExportedProgram(path: ProgramFixture.path(name))
    if name == "meta" {
      #expect(program.tensors.allSatisfy { $0.storage == .none })
      return
    }
    let expected = try SafetensorsFile(path: ProgramFixture.path(name, "safetensors"))
    #expect(expected.tensors.count == program.tensors.count)
    for tensor in program.tensors {
      let entry = try expected.tensor(tensor.name)
      #expect(tensor.storage == .values)
      #expect(entry.shape == tensor.shape)
      #expect(entry.dtype == SafetensorsDType(tensor.dtype))
      let wanted = try expected.bytes(of: tensor.name)
      for piece in [max(1, tensor.count), 7, 1] {
        #expect(try bytes(of: tensor, in: program, piece: piece) == wanted, "\(tensor.name) by \(piece)")
      }
    }
  }

  private func bytes(of tensor: StoredTensor, in program: ExportedProgram, piece: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0xAA, count: tensor.count * tensor.dtype.byteCount)
    try bytes.withUnsafeMutableBytes { buffer in
      for start in stride(from: 0, to: tensor.count, by: piece) {
        let range = start..<min(start + piece, tensor.count)
        let width = tensor.dtype.byteCount
        let part = buffer[range.lowerBound * width..<range.upperBound * width]
        try program.read(tensor, range: range, into: UnsafeMutableRawBufferPointer(rebasing: part))
      }
    }
    return bytes
  }

  @Test("reading outside of a tensor, or into a buffer of another size, is an error")
  func bounds() throws {
    let program = try ExportedProgram(path: ProgramFixture.path("strided"))
    for tensor in program.tensors {
      let count = tensor.count
      var buffer = [UInt8](repeating: 0, count: (count + 2) * 4)
      for (range, size) in [
        (0..<count + 1, (count + 1) * 4), (-1..<count, (count + 1) * 4), (0..<count, count * 4 + 1),
      ] {
        let error = #expect(throws: ExportedProgramError.self) {
          try buffer.withUnsafeMutableBytes {
            try program.read(tensor, range: range, into: UnsafeMutableRawBufferPointer(rebasing: $0[..<size]))
          }
        }
        guard case .bufferSize? = error?.problem else {
          Issue.record("\(String(describing: error))")
          continue
        }
      }
    }
    let meta = try ExportedProgram(path: ProgramFixture.path("meta"))
    let error = #expect(throws: ExportedProgramError.self) {
      try meta.read(meta.tensors[0], range: 0..<0, into: UnsafeMutableRawBufferPointer(start: nil, count: 0))
    }
    #expect(error?.description.hasSuffix("the model was on the meta device when it was exported") == true)
  }

  @Test("tied tensors have one original, the one that the operations read")
  func ties() throws {
    let gpt = try ExportedProgram(path: ProgramFixture.path("gpt"))
    #expect(gpt.graph.ties == ["wte.weight": "lm_head.weight"])
    #expect(gpt.tensors.compactMap(\.tiedTo) == ["lm_head.weight"])
    // There all values are missing from one empty member; the tie is seen from who reads what.
    let meta = try ExportedProgram(path: ProgramFixture.path("meta"))
    #expect(meta.graph.ties == gpt.graph.ties)

    let reused = try ExportedProgram(path: ProgramFixture.path("reused"))
    #expect(
      reused.graph.ties
        == ["first.weight": "again.weight", "first.bias": "again.bias", "second.weight": "shared"])
    let aliases = Set(reused.graph.ties.keys)
    for node in reused.graph.nodes {
      for id in node.inputs {
        if case .parameter(let path) = reused.graph[id].origin { #expect(!aliases.contains(path)) }
      }
    }
    #expect(try ExportedProgram(path: ProgramFixture.path("strided")).graph.ties.isEmpty)
  }

  @Test("constants and buffers that are not saved are buffers of the graph, but no stored tensors")
  func buffers() throws {
    let program = try ExportedProgram(path: ProgramFixture.path("buffers"))
    let buffers = program.graph.values.filter { if case .buffer = $0.origin { true } else { false } }
    #expect(buffers.count == 5)
    #expect(program.tensors.map(\.name) == ["linear.weight", "linear.bias", "scale", "steps"])
    #expect(program.tensors.last?.dtype == .int64)
    #expect(program.tensors.last?.shape == [])
  }

  @Test("a graph that a node only calls stands in its place; a condition stays one operation")
  func scopes() throws {
    let graph = try ExportedProgram(path: ProgramFixture.path("scopes")).graph
    #expect(
      graph.nodes.map(\.operation) == [
        "aten.linear.default", "aten.linear.default", "aten.sum.default", "aten.gt.Scalar", "aten.to.dtype",
        "higher_order.cond",
      ])
    // Named as the calls' results are in Python.
    #expect(graph.nodes[1].inputs.first.map(graph.name) == "getitem")
    #expect(graph.nodes[4].inputs.map(graph.name) == ["getitem_1"])
    #expect(graph.nodes[0].module == "a")
    #expect(Set(graph.nodes[5].inputs.map(graph.name)) == ["gt", "to", "p_c_weight", "p_c_bias"])
  }

  @Test("dynamic sizes have the values of the example")
  func dynamic() throws {
    let graph = try ExportedProgram(path: ProgramFixture.path("dynamic")).graph
    #expect(
      graph.nodes.map { graph[$0.outputs[0]].shape } == [
        [3, 5, 6], [15, 2, 3], [15, 3, 2], [15, 6], [14, 6], [14, 6],
      ])
    #expect(graph.nodes[1].arguments[1] == .integers([15, 2, 3]))
    #expect(graph.nodes.allSatisfy { $0.operation.hasPrefix("aten.") })
  }
}
