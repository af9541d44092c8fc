extension InitializationPlan {
  /// What PyTorch's own layer gives a parameter that a scheme keeps: `torch.nn.Embedding.reset_parameters` draws
  /// N(0, 1), norms start from 1 and 0; whatever multiplies activations starts from 1, the rest from 0, also a scale
  /// written as 1 + w.
  static func pytorchDefault(of parameter: ParameterDescription) -> Rule {
    switch parameter.role {
    case .embedding: .normal(NormalRule(mean: 0, std: 1))
    default: parameter.multiplies ? .constant(ConstantRule(1)) : .zero
    }
  }

  /// Sets the standard deviation that embedding tables start from where the model has no values for them.
  ///
  /// - Parameter std: The standard deviation, 0 or more; PyTorch's own is 1, BERT's and GPT-2's 0.02.
  public mutating func setEmbeddingStandardDeviation(_ std: Double) {
    for index in entries.indices where entries[index].role == .embedding && entries[index].rule == nil {
      entries[index].ruleWithoutValues = .normal(NormalRule(mean: 0, std: std))
    }
  }
}
