import Crypto

/// Images with one class each, as raw bytes: what a file holds, before any scaling, shuffling or augmentation.
///
/// A value is complete and consistent by construction: every initialiser checks that the bytes are as many as the
/// shape says and that every label names a class.
public struct LabeledImages: Sendable, Equatable {
  /// For people: `mnist train`.
  public let name: String
  /// Pixels from 0 to 255, N × C × H × W row-major; a row of `height` runs from left to right.
  public let images: [UInt8]
  /// One class a picture, from 0 up to `classCount`, in the order of `images`.
  public let labels: [UInt8]
  /// Channels of an image.
  public let channels: Int
  /// Rows of an image.
  public let height: Int
  /// Columns of an image.
  public let width: Int
  /// How many classes there are; labels are below it.
  public let classCount: Int
  /// SHA-256, in lower-case hexadecimal, of the content: the line `uint8 NxCxHxW classes K` with its newline, then
  /// `images`, then `labels`. Two sets with the same digest train the same network; the name plays no part.
  public let digest: String

  /// - Throws: `DatasetError` (`mismatch`, `malformed`) when the counts disagree, a size is not positive or a label
  ///   is not below `classCount`. `file` is named in it.
  public init(
    name: String, images: [UInt8], labels: [UInt8], channels: Int, height: Int, width: Int, classCount: Int,
    file: String? = nil
  ) throws(DatasetError) {
    let file = file ?? name
    guard channels > 0, height > 0, width > 0, (1...256).contains(classCount) else {
      throw DatasetError(
        .malformed, file: file, problem: "\(channels)×\(height)×\(width) pixels in \(classCount) classes",
        expected: "positive sizes and from 1 to 256 classes")
    }
    guard !labels.isEmpty else {
      throw DatasetError(.malformed, file: file, problem: "no images", expected: "at least one")
    }
    let (plane, overflow1) = height.multipliedReportingOverflow(by: width)
    let (pixels, overflow2) = plane.multipliedReportingOverflow(by: channels)
    let (bytes, overflow3) = pixels.multipliedReportingOverflow(by: labels.count)
    guard !overflow1, !overflow2, !overflow3, images.count == bytes else {
      throw DatasetError(
        .mismatch, file: file, problem: "\(images.count) bytes of pixels for \(labels.count) labels",
        expected: "\(labels.count) × \(channels)×\(height)×\(width) bytes")
    }
    if let index = labels.firstIndex(where: { Int($0) >= classCount }) {
      throw DatasetError(
        .malformed, file: file, place: "label \(index)", problem: "class \(labels[index])",
        expected: "a class from 0 to \(classCount - 1)")
    }
    self.name = name
    self.images = images
    self.labels = labels
    self.channels = channels
    self.height = height
    self.width = width
    self.classCount = classCount
    var hash = SHA256()
    let header = "uint8 \(labels.count)x\(channels)x\(height)x\(width) classes \(classCount)\n"
    hash.update(data: Array(header.utf8))
    images.withUnsafeBytes { hash.update(bufferPointer: $0) }
    labels.withUnsafeBytes { hash.update(bufferPointer: $0) }
    digest = hash.finalize().hexadecimal
  }

  /// The number of images, N.
  public var count: Int { labels.count }

  /// Bytes an image takes: C × H × W.
  public var pixelsPerImage: Int { channels * height * width }

  /// How many images each class has, from class 0 on.
  public var countsPerClass: [Int] {
    var counts = [Int](repeating: 0, count: classCount)
    for label in labels { counts[Int(label)] += 1 }
    return counts
  }

  /// Mean and standard deviation (of the population) of pixel/255, one a channel: what a trainer normalises with.
  ///
  /// Exact: pixels are counted by value first, so that neither the order nor rounding of long sums matters.
  public var channelStatistics: (mean: [Double], standardDeviation: [Double]) {
    let plane = height * width
    var means: [Double] = []
    var deviations: [Double] = []
    for channel in 0..<channels {
      var histogram = [Int](repeating: 0, count: 256)
      images.withUnsafeBufferPointer { pixels in
        for image in 0..<count {
          var index = (image * channels + channel) * plane
          let end = index + plane
          while index < end {
            histogram[Int(pixels[index])] += 1
            index += 1
          }
        }
      }
      let total = Double(plane * count)
      let mean = histogram.indices.reduce(0.0) { $0 + Double($1 * histogram[$1]) } / total
      let variance =
        histogram.indices.reduce(0.0) {
          let distance = Double($1) - mean
          return $0 + Double(histogram[$1]) * distance * distance
        } / total
      means.append(mean / 255)
      deviations.append(variance.squareRoot() / 255)
    }
    return (means, deviations)
  }

  /// The images at `indices`, in that order (an index may come more than once).
  ///
  /// - Throws: `DatasetError` when an index is not below `count`, or there is none.
  public func selecting(_ indices: [Int], name: String) throws(DatasetError) -> LabeledImages {
    if let outside = indices.first(where: { !(0..<count).contains($0) }) {
      throw DatasetError(
        .malformed, file: self.name, problem: "no image \(outside)", expected: "an index from 0 to \(count - 1)")
    }
    var selected: [UInt8] = []
    selected.reserveCapacity(indices.count * pixelsPerImage)
    for index in indices { selected += images[index * pixelsPerImage..<(index + 1) * pixelsPerImage] }
    return try LabeledImages(
      name: name, images: selected, labels: indices.map { labels[$0] }, channels: channels, height: height,
      width: width, classCount: classCount)
  }
}

extension SHA256.Digest {
  /// Lower-case hexadecimal, 64 characters.
  var hexadecimal: String {
    let digits = Array("0123456789abcdef")
    return String(flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }
}
