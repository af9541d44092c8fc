import Lab
import Networks
import OrderedCollections
import Torch

/// What an initialisation method asks of a CIFAR ResNet beside its plan: Fixup, SkipInit and ReZero are networks of their
/// own, and Fixup trains its scalars in its own way.
enum ResidualMethod {
  /// The network for `method`.
  ///
  /// - Parameters:
  ///   - method: A scheme's name.
  ///   - depth: 6n + 2 layers.
  ///   - normalised: Whether there is batch normalisation, where the method leaves it open; Fixup and SkipInit are made
  ///     to do without.
  ///   - images: Channels of the images and classes.
  ///   - device: Where its parameters live.
  /// - Returns: The network, not yet initialised.
  /// - Throws: `TorchError` for a depth that is none.
  static func network(
    _ method: String, depth: Int, normalised: Bool, images: (channels: Int, classes: Int), device: Device
  ) throws -> CIFARResNet {
    let style = ResidualStyle(rawValue: method) ?? .plain
    return try CIFARResNet(
      depth: depth, style: style, normalised: normalised && style != .fixup && style != .skipInit,
      classes: images.classes, inChannels: images.channels, device: device)
  }

  /// The parameters that Fixup's authors train at a tenth of the rate: all scalars and the classifier's bias, as their
  /// code finds them, by name (`cifar_train.py`).
  static func isScalar(_ name: String) -> Bool { name.contains("bias") || name.contains("scale") }

  /// A depth that a CIFAR ResNet can have.
  static func validate(depth: Int) throws(SettingError) {
    guard depth >= 8, depth <= 6 * 1000 + 2, depth % 6 == 2 else {
      throw SettingError("network.depth", found: "\(depth)", expected: "6n + 2 layers, as 20, 32, 56 or 110")
    }
  }
}
