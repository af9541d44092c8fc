import OrderedCollections
import Torch

/// The trainable numbers of a residual block, by its style.
enum StemScalars {
  case none
  case fixup(FixupScalars)
  /// What the stem is multiplied by, under the name that the method's own code gives it.
  case multiplier(name: String, Tensor)

  init(_ style: ResidualStyle, device: Device) throws(TorchError) {
    switch style {
    case .plain: self = .none
    case .fixup: self = .fixup(try FixupScalars(device: device))
    case .skipInit: self = .multiplier(name: "skip_gain", try .trainable([], 0, device: device))
    case .reZero: self = .multiplier(name: "resweight", try .trainable([1], 0, device: device))
    }
  }

  var parameters: OrderedDictionary<String, Tensor> {
    switch self {
    case .none: [:]
    case .fixup(let scalars): scalars.parameters
    case .multiplier(let name, let tensor): [name: tensor]
    }
  }
}

/// Fixup's numbers of a block with two convolutions, each of shape [1]:
/// `conv2(relu(conv1(x + bias1a) + bias1b) + bias2a) · scale + bias2b`.
struct FixupScalars {
  let bias1a: Tensor
  let bias1b: Tensor
  let bias2a: Tensor
  let scale: Tensor
  let bias2b: Tensor

  init(device: Device) throws(TorchError) {
    bias1a = try .trainable([1], 0, device: device)
    bias1b = try .trainable([1], 0, device: device)
    bias2a = try .trainable([1], 0, device: device)
    scale = try .trainable([1], 1, device: device)
    bias2b = try .trainable([1], 0, device: device)
  }

  /// In the order in which the authors' code registers them.
  var parameters: OrderedDictionary<String, Tensor> {
    ["bias1a": bias1a, "bias1b": bias1b, "bias2a": bias2a, "scale": scale, "bias2b": bias2b]
  }
}

extension Tensor {
  /// A parameter whose elements are all `value` until a plan fills it.
  static func trainable(_ shape: [Int], _ value: Double, device: Device) throws(TorchError) -> Tensor {
    try full(shape, value, device: device).settingRequiresGrad()
  }
}
