extension Tensor: CustomStringConvertible {
  /// `float32[64, 3, 28, 28]`, with the device if it is no CPU and the values if they are few.
  public var description: String {
    var text = "\(dtype.rawValue)\(shape)"
    if device != .cpu { text += " on \(device)" }
    if elementCount <= 16, let values = try? array(of: Double.self) {
      text += rank == 0 ? " \(values.first ?? .nan)" : " \(values)"
    }
    return text
  }
}
