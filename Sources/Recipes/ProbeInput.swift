import IDInit
import Torch

/// What a network of the catalogue takes, and what stands for it where there is no data.
public enum ProbeInput: Hashable, Sendable {
  /// Numbers: independent normal deviates of mean 0 and variance 1; the shape is one example's.
  case noise(shape: [Int])
  /// Token ids, int64 [N, length]: each id below `vocabulary` is as likely as any other, and independent.
  case tokens(length: Int, vocabulary: Int)

  /// Images of three channels, 32 × 32.
  static let colour32 = ProbeInput.noise(shape: [3, 32, 32])

  /// - Parameters:
  ///   - count: N, how many examples.
  ///   - generator: Where they come from, on the CPU.
  /// - Returns: [N, …], on the CPU.
  /// - Throws: `TorchError` for shapes that are none.
  public func batch(_ count: Int, generator: Generator) throws(TorchError) -> Tensor {
    switch self {
    case .noise(let shape): try Tensor.randn([count] + shape, generator: generator)
    case .tokens(let length, let vocabulary):
      try Tensor.randint([count, length], high: vocabulary, generator: generator)
    }
  }

  /// One example of zeros, to trace a network with.
  func example(device: Device) throws(TorchError) -> Tensor {
    switch self {
    case .noise(let shape): try Tensor.zeros([1] + shape, device: device)
    case .tokens(let length, vocabulary: _): try Tensor.zeros([1, length], dtype: .int64, device: device)
    }
  }

  /// "32 examples of noise, N(0, 1), and random labels".
  ///
  /// - Parameter count: N.
  /// - Returns: What a batch is, for people.
  public func title(count: Int) -> String {
    switch self {
    case .noise: "\(count) examples of noise, N(0, 1), and random labels"
    case .tokens(let length, let vocabulary):
      "\(count) sequences of \(length) random tokens of a vocabulary of \(vocabulary), embedded as N(0, 1), and "
        + "random labels"
    }
  }
}

extension Module {
  /// Fills the embeddings that a plan keeps as the model has them, where the model has nothing but zeros, with PyTorch's
  /// own start: independent normal deviates, N(0, 1), and zeros for padding.
  func fillEmbeddings(keptBy plan: InitializationPlan, seed: UInt64) throws {
    let generator = try Generator(seed: seed)
    let tables = Dictionary(uniqueKeysWithValues: modules.map { ("\($0.path).weight", $0.module as? Embedding) })
    for entry in plan.entries where entry.rule == nil && entry.role == .embedding {
      guard let weight = parameters[entry.name], try weight.detached().abs().max().item() == 0 else { continue }
      let values = try Tensor.randn(weight.shape, generator: generator).to(weight.dtype).to(weight.device)
      try withoutGradient { () throws(TorchError) in
        try weight.copy(from: values)
        if let padding = tables[entry.name]??.paddingIndex { try weight.select(axis: 0, padding).fill(0) }
      }
    }
  }
}
