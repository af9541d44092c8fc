/// Which fan a Kaiming rule divides by.
public enum FanMode: String, Codable, CaseIterable, Sendable {
  /// Keeps the variance of the activations on the way forward.
  case fanIn = "fan_in"
  /// Keeps the variance of the gradients on the way back.
  case fanOut = "fan_out"
}

/// How fans are counted.
public enum FanConvention: String, Codable, CaseIterable, Sendable {
  /// As torch.nn.init does, from the stored shape: size(1)·∏k and size(0)·∏k. For a grouped convolution fan_out
  /// counts all groups, and for GPT-2's `Conv1D` and transposed convolutions the two are swapped
  /// (pytorch/pytorch#23854, PR 30079). The default, so that the numbers are PyTorch's.
  case torch
  /// What the layer computes: ``WeightGeometry/fanIn`` and ``WeightGeometry/fanOut``.
  case computed

  func fanIn(_ geometry: WeightGeometry) -> Int { self == .torch ? geometry.torchFanIn : geometry.fanIn }
  func fanOut(_ geometry: WeightGeometry) -> Int { self == .torch ? geometry.torchFanOut : geometry.fanOut }
}
