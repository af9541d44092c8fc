import Datasets
import Networks
import Torch

/// The network of an image training, but for what method and images make of it.
enum ImageNetwork: Hashable {
  /// With batch normalisation or without, where the method leaves it open.
  case resNet(ResNetSettings, normalised: Bool = true)
  case allConv
  /// Residual blocks of linear layers (Figure 1), without normalisation; of one layer each where `hidden` is nil.
  case blocks(width: Int, hidden: Int?, depth: Int)
  /// Res-112, or the same with another number of convolutions in its stem.
  case longStem(depth: Int)

  /// The same with as few layers as it can have.
  var smallest: ImageNetwork {
    switch self {
    case .resNet(_, let normalised): .resNet(ResNetSettings(depth: 8), normalised: normalised)
    case .allConv: self
    case .blocks(let width, let hidden, _): .blocks(width: width, hidden: hidden, depth: 1)
    case .longStem: .longStem(depth: 2)
    }
  }

  /// The network that the scheme `method` is for: Fixup, SkipInit and ReZero have ResNets of their own, and Fixup and
  /// SkipInit are made to do without normalisation.
  ///
  /// - Returns: The network, not yet initialised.
  /// - Throws: `TorchError` for a depth that is none.
  func make(_ method: String, images: (channels: Int, classes: Int), device: Device) throws(TorchError) -> any Module {
    switch self {
    case .resNet(let settings, let normalised):
      let style = ResidualStyle(rawValue: method) ?? .plain
      return try CIFARResNet(
        depth: settings.depth, style: style, normalised: normalised && style != .fixup && style != .skipInit,
        classes: images.classes, inChannels: images.channels, device: device)
    case .allConv: return try AllConvNet(classes: images.classes, inChannels: images.channels, device: device)
    case .blocks(let width, let hidden, let depth):
      return try ResidualLinearNet(
        inputs: images.channels * CIFAR10.side * CIFAR10.side, width: width, hidden: hidden, depth: depth,
        classes: images.classes, nonlinearity: .relu, device: device)
    case .longStem(let depth):
      return try LongStemNet(stemDepth: depth, classes: images.classes, inChannels: images.channels, device: device)
    }
  }
}

/// How deep a ResNet is.
public struct ResNetSettings: Codable, Hashable, Sendable {
  /// 6n + 2 layers.
  public var depth: Int

  func validate() throws(SettingError) {
    guard depth >= 8, depth <= 6 * 1000 + 2, depth % 6 == 2 else {
      throw SettingError("network.depth", found: "\(depth)", expected: "6n + 2 layers, as 20, 32, 56 or 110")
    }
  }
}
