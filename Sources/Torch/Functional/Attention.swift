import CTorch

/// softmax(q·kᵀ·scale + mask)·v (`torch.nn.functional.scaled_dot_product_attention`).
///
/// Legend: N batch, H heads, L queries, S keys, E width, V value width.
///
/// - Parameters:
///   - query: [N, H, L, E]
///   - key: [N, H, S, E]
///   - value: [N, H, S, V]
///   - mask: Broadcast to [N, H, L, S]: bool (true takes part) or numbers that are added.
///   - isCausal: Query i sees keys 0 … i only; not together with `mask`.
///   - scale: 1/√E if absent.
/// - Returns: [N, H, L, V]
/// - Throws: ``TorchError`` for shapes that do not fit.
public func scaledDotProductAttention(
  query: Tensor, key: Tensor, value: Tensor, mask: Tensor? = nil, isCausal: Bool = false, scale: Double? = nil
) throws(TorchError) -> Tensor {
  try Tensor.make("scaledDotProductAttention") { out in
    withOptional(scale) {
      ct_nn_attention(&out, query.handle, key.handle, value.handle, mask?.handle, isCausal, $0)
    }
  }.traced("aten.scaled_dot_product_attention.default") {
    [.tensor(query), .tensor(key), .tensor(value), .optional(mask), .real(0), .boolean(isCausal)]
  }
}
