import CTorch

// Legend: N batch, L places, C features in, H hidden features, D directions (1 or 2).

/// What a recurrent layer does at each place, from the input x and its last state h.
public enum RecurrentCell: String, Codable, CaseIterable, Hashable, Sendable {
  /// h ← tanh(W_ih x + W_hh h) (Elman's network, `torch.nn.RNN`).
  case rnn
  /// A gated recurrent unit (`torch.nn.GRU`): by rows reset, update and new.
  case gru
  /// Long short-term memory (`torch.nn.LSTM`): by rows input, forget, cell and output.
  case lstm

  /// How many matrices of H rows its weights are stacks of.
  public var gateCount: Int {
    switch self {
    case .rnn: 1
    case .gru: 3
    case .lstm: 4
    }
  }

  var code: ct_recurrent_cell {
    switch self {
    case .rnn: CT_RNN_TANH
    case .gru: CT_GRU
    case .lstm: CT_LSTM
    }
  }

  /// Without its overload.
  var aten: String { self == .rnn ? "aten.rnn_tanh" : "aten.\(rawValue)" }
}

/// The weights of a recurrent layer in PyTorch's order, and how they are used.
public struct RecurrentWeights {
  /// Of each layer and direction: weight_ih [gates·H, C or D·H], weight_hh [gates·H, H] and, if `biased`, bias_ih and
  /// bias_hh [gates·H].
  public var tensors: [Tensor]
  /// Whether there are biases among them.
  public var biased: Bool
  /// Layers on one another.
  public var layers: Int
  /// Whether each layer also goes from the last place to the first.
  public var bidirectional: Bool

  /// The weights of so many layers.
  public init(_ tensors: [Tensor], biased: Bool = true, layers: Int = 1, bidirectional: Bool = false) {
    (self.tensors, self.biased, self.layers, self.bidirectional) = (tensors, biased, layers, bidirectional)
  }
}

/// Elman's recurrent network with tanh (`torch.nn.RNN`), with the batch first and no dropout.
///
/// - Parameters:
///   - x: [N, L, C]
///   - state: The first state, [layers·D, N, H].
///   - weights: As `torch.nn.RNN` has them.
/// - Returns: The states of the last layer at each place, [N, L, D·H], and each layer's last state, [layers·D, N, H].
/// - Throws: ``TorchError`` for shapes that do not fit.
public func rnn(
  _ x: Tensor, state: Tensor, weights: RecurrentWeights
) throws(TorchError) -> (output: Tensor, state: Tensor) {
  let result = try recurrence(.rnn, x, state: [state], weights)
  return (result.output, result.state)
}

/// A gated recurrent unit's network (`torch.nn.GRU`), with the batch first and no dropout.
///
/// - Parameters:
///   - x: [N, L, C]
///   - state: The first state, [layers·D, N, H].
///   - weights: As `torch.nn.GRU` has them, three gates in each matrix.
/// - Returns: The states of the last layer at each place, [N, L, D·H], and each layer's last state, [layers·D, N, H].
/// - Throws: ``TorchError`` for shapes that do not fit.
public func gru(
  _ x: Tensor, state: Tensor, weights: RecurrentWeights
) throws(TorchError) -> (output: Tensor, state: Tensor) {
  let result = try recurrence(.gru, x, state: [state], weights)
  return (result.output, result.state)
}

/// A network of long short-term memory (`torch.nn.LSTM`), with the batch first, no projection and no dropout.
///
/// - Parameters:
///   - x: [N, L, C]
///   - state: The first state, [layers·D, N, H].
///   - cell: The first cell state, of the same shape.
///   - weights: As `torch.nn.LSTM` has them, four gates in each matrix.
/// - Returns: The states of the last layer at each place, [N, L, D·H], and each layer's last state and cell state,
///   [layers·D, N, H].
/// - Throws: ``TorchError`` for shapes that do not fit.
public func lstm(
  _ x: Tensor, state: Tensor, cell: Tensor, weights: RecurrentWeights
) throws(TorchError) -> (output: Tensor, state: Tensor, cell: Tensor) {
  let result = try recurrence(.lstm, x, state: [state, cell], weights)
  return (result.output, result.state, result.cell ?? cell)
}

/// Of [N, L, C], or with `batchSizes` of what is packed, [Σ lengths, C]; `state` has the first state and an LSTM's cell
/// state.
func recurrence(
  _ kind: RecurrentCell, _ x: Tensor, batchSizes: Tensor? = nil, state: [Tensor], _ weights: RecurrentWeights
) throws(TorchError) -> (output: Tensor, state: Tensor, cell: Tensor?) {
  var outs: (output: OpaquePointer?, state: OpaquePointer?, cell: OpaquePointer?) = (nil, nil, nil)
  let status = withHandles(weights.tensors) { handles, count in
    ct_recurrent_run(
      &outs.output, &outs.state, &outs.cell, kind.code, x.handle, batchSizes?.handle, state.first?.handle,
      state.count > 1 ? state[1].handle : nil, handles, count, weights.biased, Int64(weights.layers),
      weights.bidirectional)
  }
  guard status == CT_OK, let output = outs.output, let last = outs.state else {
    throw TorchError.last(status, kind.rawValue)
  }
  let result = (
    output: Tensor(adopting: output), state: Tensor(adopting: last), cell: outs.cell.map(Tensor.init(adopting:))
  )
  GraphTracer.record(
    "\(kind.aten).\(batchSizes == nil ? "input" : "data")",
    outputs: [result.output, result.state] + (result.cell.map { [$0] } ?? [])
  ) {
    let first: [TraceArgument] = [.tensor(x)] + (batchSizes.map { [.tensor($0)] } ?? [])
    let states: TraceArgument = kind == .lstm ? .tensors(state) : .tensor(state[0])
    let options: [TraceArgument] = [
      states, .tensors(weights.tensors), .boolean(weights.biased), .integer(weights.layers), .real(0),
      .boolean(isGradientEnabled), .boolean(weights.bidirectional),
    ]
    return first + options + (batchSizes == nil ? [.boolean(true)] : [])
  }
  return result
}
