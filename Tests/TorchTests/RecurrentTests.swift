import OrderedCollections
import Testing
import Torch

/// Recurrent layers over sequences of different lengths; the functions themselves are compared with PyTorch's in
/// FunctionTests.
struct RecurrentTests {
  private static func filled(_ layer: Recurrent) throws -> Recurrent {
    let generator = try Generator(seed: 3)
    try withoutGradient { () throws(TorchError) in
      for weight in layer.parameters.values { try weight.fillUniform(low: -0.6, high: 0.6, generator: generator) }
    }
    return layer
  }

  @Test func namesAndShapesAreThoseOfPyTorch() throws {
    #expect(
      try LSTM(3, 4, layers: 2, bidirectional: true).parameters.map { "\($0) \($1.shape)" } == [
        "weight_ih_l0 [16, 3]", "weight_hh_l0 [16, 4]", "bias_ih_l0 [16]", "bias_hh_l0 [16]",
        "weight_ih_l0_reverse [16, 3]", "weight_hh_l0_reverse [16, 4]", "bias_ih_l0_reverse [16]",
        "bias_hh_l0_reverse [16]", "weight_ih_l1 [16, 8]", "weight_hh_l1 [16, 4]", "bias_ih_l1 [16]",
        "bias_hh_l1 [16]", "weight_ih_l1_reverse [16, 8]", "weight_hh_l1_reverse [16, 4]", "bias_ih_l1_reverse [16]",
        "bias_hh_l1_reverse [16]",
      ])
    #expect(
      try GRU(3, 4, bias: false).parameters.map { "\($0) \($1.shape)" }
        == ["weight_ih_l0 [12, 3]", "weight_hh_l0 [12, 4]"])
    #expect(try RNN(3, 4).parameters.values.map(\.shape) == [[4, 3], [4, 4], [4], [4]])
    #expect(throws: TorchError.self) { try RNN(3, 0) }
    #expect(throws: TorchError.self) { try RNN(3, 2, layers: 0) }
  }

  /// Each sequence alone has no padding; sums of a state's products in another order differ by some 1e-7.
  @Test(arguments: RecurrentCell.allCases)
  func aFilledUpSequenceIsReadAsIfItWereAlone(_ cell: RecurrentCell) throws {
    let layer = try Self.filled(Recurrent(cell, 3, 4, layers: 2, bidirectional: true))
    let lengths: [Int64] = [3, 6, 1, 3]
    let x = try sines([4, 7, 3], 0.9, 0.1).settingRequiresGrad()
    let together = try layer(x, lengths: Tensor(lengths))
    #expect(together.shape == [4, 7, 8])
    let weights = try sines([4, 7, 8], 0.3, 0.2)
    let given = try grad(of: (together * weights).sum(), withRespectTo: [x] + layer.parameters.values)
    var alone: [Tensor] = []
    for (row, length) in lengths.enumerated() {
      let sequence = try x.slice(axis: 0, from: row, to: row + 1).slice(axis: 1, to: Int(length))
      alone.append(try pad(layer(sequence), [0, 0, 0, 7 - Int(length)]))
    }
    let expected = try Tensor.concatenate(alone)
    #expect(try together.isClose(to: expected, relative: 0, absolute: 1e-6))
    let gradients = try grad(of: (expected * weights).sum(), withRespectTo: [x] + layer.parameters.values)
    for (a, b) in zip(given, gradients) { #expect(try a.isClose(to: b, relative: 1e-5, absolute: 1e-5)) }
    // The backward direction sees padding where nothing says that it is some.
    #expect(try !layer(x).slice(axis: 1, to: 1).isClose(to: expected.slice(axis: 1, to: 1), absolute: 1e-2))
  }

  @Test func lengthsThatCannotBeAreRefused() throws {
    let layer = try RNN(3, 4), x = try Tensor.zeros([2, 5, 3])
    let handles = Tensor.liveCountOfThread
    for lengths: [Int64] in [[0, 2], [6, 2], [2], [1, 1, 1]] {
      #expect(throws: TorchError.self) { try layer(x, lengths: Tensor(lengths)) }
    }
    #expect(throws: TorchError.self) { try layer(Tensor.zeros([2, 5, 4])) }
    #expect(Tensor.liveCountOfThread == handles)
  }

  @Test func atATraceTheOperationsHaveTheirATenNames() throws {
    for (cell, name) in [(RecurrentCell.rnn, "rnn_tanh"), (.gru, "gru"), (.lstm, "lstm")] {
      let layer = try Recurrent(cell, 3, 4, bidirectional: true)
      let plain = try GraphTracer.trace(layer, Tensor.zeros([2, 5, 3]))
      #expect(plain.nodes.map(\.operation) == ["aten.zeros.default", "aten.\(name).input"])
      let lengths = try Tensor([5, 2] as [Int64])
      let packed = try GraphTracer.trace(
        parameters: layer.parameters.map { ($0.key, $0.value) }, inputs: [("x", Tensor.zeros([2, 5, 3]))]
      ) { () throws(TorchError) in [try layer(Tensor.zeros([2, 5, 3]), lengths: lengths)] }
      let operations = packed.nodes.map(\.operation)
      #expect(operations.contains("aten.\(name).data"))
      #expect(operations.contains("aten._pack_padded_sequence.default"))
      #expect(operations.contains("aten._pad_packed_sequence.default"))
    }
  }

  /// sin and cos of p / 10000^(2i/5), i = 0, 1, 2, by hand for p = 3.
  @Test func positionsAreSinesAndCosines() throws {
    let table = try sinusoidalPositions(4, width: 5)
    let row = try table.select(axis: 0, 3).array(of: Float.self)
    let expected = [0.1411200, -0.9899925, 0.0752855, 0.9971620, 0.0018929]
    #expect(largestDeviation(row, expected) < 1e-6)
    #expect(try table.select(axis: 0, 0).array(of: Float.self) == [0, 1, 0, 1, 0])
    #expect(throws: TorchError.self) { try sinusoidalPositions(0, width: 4) }
  }
}
