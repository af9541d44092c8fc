import Datasets
import Torch

/// A part of a data set as two tensors on the device, normalised once: batches are drawn by `indexSelect`.
///
/// Shapes: N images, C channels, H × W pixels.
public struct ImageTensors {
  /// float32, (pixel / 255 − mean) / std.
  public let images_NCHW: Tensor
  /// int64.
  public let labels_N: Tensor
  public let count: Int

  public init(_ data: LabeledImages, mean: Double, std: Double, device: Device) throws {
    let bytes = try Tensor(data.images, shape: [data.count, data.channels, data.height, data.width], device: device)
    let scaled = try bytes.to(.float32)
    try scaled.formMultiply(1 / (255 * std))
    try scaled.formAdd(-mean / std)
    images_NCHW = scaled
    labels_N = try Tensor(data.labels.map(Int64.init), device: device)
    count = data.count
  }

  /// The images and labels at `indices`, an int64 tensor.
  public func batch(_ indices: Tensor) throws(TorchError) -> (x: Tensor, labels: Tensor) {
    (try images_NCHW.indexSelect(axis: 0, indices), try labels_N.indexSelect(axis: 0, indices))
  }
}
