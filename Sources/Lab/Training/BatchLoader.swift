import Datasets
import Torch

/// A batch of images with their classes. Shapes: N images, C channels, H × W pixels.
public struct Batch {
  /// Float32, normalised.
  public let x_NCHW: Tensor
  /// Int64.
  public let labels_N: Tensor
  /// What is mixed into the images; nil where they are whole.
  public let mixed: Mixed?
  /// N.
  public let count: Int

  /// Labels of the other images of a mixed batch.
  public struct Mixed {
    /// Int64: the class of what is mixed into each image.
    public let labels_N: Tensor
    /// λ: how much of each image, and of its loss, is its own.
    public let share: Double
  }
}

/// Batches of images, prepared on a thread of their own from raw bytes while the engine computes.
///
/// A batch is a function of the data, the settings, the seed, the epoch and the step, and of nothing else: an epoch can
/// be begun in its middle. Images wait as bytes, a quarter of their numbers' size, and at most ``prefetched`` batches
/// are ready.
public final class BatchLoader {
  /// In what order images come.
  public enum Order: Hashable, Sendable {
    /// As they are in the data.
    case inOrder
    /// Every epoch in another order, by ``EpochOrder``.
    case shuffled
  }

  /// Batches that wait at most, ready to be used.
  public static let prefetched = 2

  /// What batches are made of.
  public let images: LabeledImages
  /// Images a batch; the last one of an epoch may have fewer.
  public let batchSize: Int
  private let augmentation: Augmentation
  private let order: Order
  private let seed: UInt64
  private let device: Device
  private let writer: BatchWriter
  private let isChannelsLast: Bool
  private let pool: BatchMemoryPool

  /// - Parameters:
  ///   - images: What batches are made of.
  ///   - normalization: How pixels become numbers.
  ///   - augmentation: What is done to each batch.
  ///   - batchSize: Images of a batch, 1 or more; the last of an epoch may have fewer.
  ///   - order: In what order images come.
  ///   - seed: Of order and augmentation.
  ///   - device: Where batches are wanted.
  ///   - layout: How a batch lies in memory, its shape being N × C × H × W all the same. With `.channelsLast`
  ///     convolutions are faster; of one channel both are one, and the tensor is plainly contiguous.
  /// - Throws: `LabError` (`.configuration`) for settings that do not fit the images.
  public init(
    _ images: LabeledImages, normalization: Normalization, augmentation: Augmentation = .none, batchSize: Int,
    order: Order, seed: UInt64 = 0, device: Device = .cpu, layout: MemoryFormat = .channelsLast
  ) throws(LabError) {
    try normalization.validate(channels: images.channels, of: images.name)
    try augmentation.validate()
    guard batchSize > 0 else {
      throw LabError(.configuration, "batches of \(batchSize) images; expected 1 or more")
    }
    self.images = images
    self.augmentation = augmentation
    self.batchSize = batchSize
    self.order = order
    self.seed = seed
    self.device = device
    isChannelsLast = layout == .channelsLast && images.channels > 1
    writer = BatchWriter(
      images, normalization: normalization, moves: augmentation.moves, isChannelsLast: isChannelsLast)
    let largest = min(batchSize, images.count)
    pool = BatchMemoryPool(byteCount: largest * images.pixelsPerImage * MemoryLayout<Float>.stride)
  }

  /// N of all batches of an epoch.
  public var count: Int { images.count }

  /// Batches an epoch, the last one included.
  public var batchesPerEpoch: Int { (count + batchSize - 1) / batchSize }

  /// The batches of an epoch from `step` on; preparing begins at once.
  ///
  /// - Parameters:
  ///   - epoch: Its number, from 1: what order and augmentation depend on.
  ///   - step: The first batch that is wanted, from 0.
  /// - Returns: The batches, to be taken one after the other.
  public func batches(epoch: Int = 1, from step: Int = 0) -> EpochBatches {
    let queue = BatchQueue(depth: Self.prefetched)
    let indices =
      order == .shuffled ? EpochOrder.indices(count: count, seed: seed, epoch: epoch) : Array(0..<count)
    let draws = BatchDraws(augmentation, seed: seed, epoch: epoch)
    let (images, writer, pool, batchSize) = (images, writer, pool, batchSize)
    queue.start(min(max(step, 0), batchesPerEpoch)..<batchesPerEpoch) { step in
      let part = indices[step * batchSize..<min(indices.count, (step + 1) * batchSize)]
      let mixing = draws.mixing(step: step, count: part.count, height: images.height, width: images.width)
      let memory = pool.take()
      writer.write(part, placements: part.indices.map(draws.placement(at:)), mixing: mixing, to: memory.floats)
      let labels = part.map { Int64(images.labels[$0]) }
      return PreparedBatch(
        memory: memory, labels: labels,
        mixed: mixing.map { mixing in (mixing.partners.map { labels[$0] }, mixing.share) })
    }
    return EpochBatches(queue, of: self)
  }

  /// Tensors of a batch, on the memory that it was written to, or on the device.
  fileprivate func tensors(_ batch: PreparedBatch) throws(TorchError) -> Batch {
    let count = batch.labels.count
    let (channels, height, width) = (images.channels, images.height, images.width)
    let bytes = UnsafeMutableRawBufferPointer(
      rebasing: batch.memory.bytes.prefix(count * images.pixelsPerImage * MemoryLayout<Float>.stride))
    let shape = isChannelsLast ? [count, height, width, channels] : [count, channels, height, width]
    var x = try Tensor.borrowing(bytes, shape: shape, dtype: .float32, owner: batch.memory)
    if isChannelsLast { x = try x.permuted([0, 3, 1, 2]) }
    var mixed: Batch.Mixed?
    if let (labels, share) = batch.mixed {
      mixed = Batch.Mixed(labels_N: try Tensor(labels, device: device), share: share)
    }
    return Batch(
      x_NCHW: device == .cpu ? x : try x.to(device), labels_N: try Tensor(batch.labels, device: device), mixed: mixed,
      count: count)
  }
}

/// The batches of an epoch, one after the other. The thread that prepares them ends with the last of them, with
/// ``stop()``, or when this value goes.
public final class EpochBatches {
  private let queue: BatchQueue
  private let loader: BatchLoader

  fileprivate init(_ queue: BatchQueue, of loader: BatchLoader) {
    (self.queue, self.loader) = (queue, loader)
  }

  deinit { queue.stop() }

  /// The next batch, waiting for it if need be; nil after the last.
  public func next() throws(TorchError) -> Batch? {
    guard let prepared = queue.take() else { return nil }
    return try loader.tensors(prepared)
  }

  /// Ends the preparing; comes back when its thread has ended.
  public func stop() { queue.stop() }
}
