import CTorch

/// Sequences of different lengths without what fills them up, the places one after another and in each the sequences
/// that are long enough (`torch.nn.utils.rnn.pack_padded_sequence`).
///
/// A recurrent layer that reads it meets no padding: its backward direction begins at each sequence's own last place.
public struct PackedSequence {
  /// [Σ lengths, …]
  public let data: Tensor
  /// How many sequences have each place, int64 [longest], on the CPU.
  public let batchSizes: Tensor
  /// Which sequence stands where, the longest first.
  private let order: Tensor

  /// - Parameters:
  ///   - x: [N, L, …]
  ///   - lengths: int64 [N], the places that count, 1 … L.
  /// - Throws: ``TorchError`` for another number of lengths, or one outside of 1 … L.
  public init(_ x: Tensor, lengths: Tensor) throws(TorchError) {
    guard let batch = x.shape.first, lengths.shape == [batch] else {
      throw TorchError(
        kind: .argument, operation: "PackedSequence.init",
        message: "lengths of shape \(lengths.shape) for an input of shape \(x.shape); expected one for each sequence")
    }
    let lengths = lengths.device == .cpu ? lengths : try lengths.to(.cpu)
    let sorted = try lengths.sorted(axis: 0, descending: true)
    let order = x.device == .cpu ? sorted.indices : try sorted.indices.to(x.device)
    let padded = try x.indexSelect(axis: 0, order)
    var data: OpaquePointer?
    var sizes: OpaquePointer?
    let status = ct_recurrent_pack(&data, &sizes, padded.handle, sorted.values.handle)
    guard status == CT_OK, let data, let sizes else { throw TorchError.last(status, "PackedSequence.init") }
    let made = (data: Tensor(adopting: data), sizes: Tensor(adopting: sizes))
    GraphTracer.record("aten._pack_padded_sequence.default", outputs: [made.data, made.sizes]) {
      [.tensor(padded), .tensor(sorted.values), .boolean(true)]
    }
    (self.data, batchSizes, self.order) = (made.data, made.sizes, order)
  }

  private init(data: Tensor, batchSizes: Tensor, order: Tensor) {
    (self.data, self.batchSizes, self.order) = (data, batchSizes, order)
  }

  /// The same sequences with other numbers at their places, [Σ lengths, …].
  func replacing(_ data: Tensor) -> PackedSequence {
    PackedSequence(data: data, batchSizes: batchSizes, order: order)
  }

  /// The sequences in their first order, filled up with zeros (`pad_packed_sequence`).
  ///
  /// - Parameter length: The longest sequence's length or more.
  /// - Returns: [N, length, …]
  /// - Throws: ``TorchError`` for a length below that.
  public func padded(length: Int) throws(TorchError) -> Tensor {
    var out: OpaquePointer?
    let status = ct_recurrent_unpack(&out, data.handle, batchSizes.handle, Int64(length))
    guard status == CT_OK, let out else { throw TorchError.last(status, "PackedSequence.padded") }
    let sorted = Tensor(adopting: out).traced("aten._pad_packed_sequence.default") {
      [.tensor(data), .tensor(batchSizes), .boolean(true), .real(0), .integer(length)]
    }
    return try sorted.indexSelect(axis: 0, try order.sorted(axis: 0).indices)
  }
}
