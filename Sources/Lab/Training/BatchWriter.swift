import Datasets

/// Writes the numbers of a batch: raw bytes → moved and mirrored → looked up in the normalisation's table → mixed.
///
/// Shapes: N images of C channels, H × W pixels.
struct BatchWriter: Sendable {
  private let images: LabeledImages
  private let table: [Float]
  private let moves: Bool
  /// Numbers to step over from a pixel to the next, and from a channel to the next.
  private let pixelStride: Int
  private let channelStride: Int

  /// - Parameters:
  ///   - images: What batches are made of.
  ///   - normalization: One mean and deviation a channel.
  ///   - moves: Whether placements are ever other than none.
  ///   - isChannelsLast: Writes N × H × W × C; else N × C × H × W.
  init(_ images: LabeledImages, normalization: Normalization, moves: Bool, isChannelsLast: Bool) {
    self.images = images
    self.moves = moves
    table = normalization.table()
    pixelStride = isChannelsLast ? images.channels : 1
    channelStride = isChannelsLast ? 1 : images.height * images.width
  }

  /// Writes the images at `indices` to `out`, which has room for them.
  func write(
    _ indices: ArraySlice<Int>, placements: [Placement], mixing: Mixing?, to out: UnsafeMutableBufferPointer<Float>
  ) {
    guard let out = out.baseAddress else { return }
    let size = images.pixelsPerImage
    images.images.withUnsafeBufferPointer { pixels in
      guard let pixels = pixels.baseAddress else { return }
      guard moves else {
        return emit(mixing, count: indices.count, to: out) { pixels + indices[indices.startIndex + $0] * size }
      }
      withUnsafeTemporaryAllocation(of: UInt8.self, capacity: indices.count * size) { moved in
        guard let moved = moved.baseAddress else { return }
        for (place, index) in indices.enumerated() {
          move(pixels + index * size, placements[place], to: moved + place * size)
        }
        emit(mixing, count: indices.count, to: out) { UnsafePointer(moved + $0 * size) }
      }
    }
  }

  // MARK: Bytes

  /// A window of the image with black around it, mirrored or not.
  private func move(_ image: UnsafePointer<UInt8>, _ placement: Placement, to out: UnsafeMutablePointer<UInt8>) {
    let (height, width) = (images.height, images.width)
    // Columns of the window that lie in the image.
    let first = min(max(0, -placement.right), width)
    let last = max(first, min(width, width - placement.right))
    for row in 0..<images.channels * height {
      let line = out + row * width
      let from = row % height + placement.down
      guard (0..<height).contains(from) else {
        line.update(repeating: 0, count: width)
        continue
      }
      let source = image + (row / height * height + from) * width + placement.right
      if placement.isFlipped {
        for column in 0..<first { line[width - 1 - column] = 0 }
        for column in first..<last { line[width &- 1 &- column] = source[column] }
        for column in last..<width { line[width - 1 - column] = 0 }
      } else {
        line.update(repeating: 0, count: first)
        (line + first).update(from: source + first, count: last - first)
        (line + last).update(repeating: 0, count: width - last)
      }
    }
  }

  // MARK: Numbers

  private func emit(
    _ mixing: Mixing?, count: Int, to out: UnsafeMutablePointer<Float>, _ image: (Int) -> UnsafePointer<UInt8>
  ) {
    let size = images.pixelsPerImage
    table.withUnsafeBufferPointer { table in
      guard let table = table.baseAddress else { return }
      for place in 0..<count {
        let target = out + place * size
        guard let mixing else {
          normalise(image(place), table, to: target)
          continue
        }
        let partner = image(mixing.partners[place])
        switch mixing.kind {
        case .blend: blend(image(place), partner, share: mixing.share, table, to: target)
        case .paste(let rows, let columns):
          normalise(image(place), table, to: target)
          paste(partner, rows, columns, table, to: target)
        }
      }
    }
  }

  private func normalise(
    _ image: UnsafePointer<UInt8>, _ table: UnsafePointer<Float>, to out: UnsafeMutablePointer<Float>
  ) {
    let plane = images.height * images.width
    for channel in 0..<images.channels {
      let (source, values) = (image + channel * plane, table + channel * 256)
      var target = out + channel * channelStride
      for pixel in 0..<plane {
        target.pointee = values[Int(source[pixel])]
        target += pixelStride
      }
    }
  }

  /// λa + (1 − λ)b in single precision, each product rounded, as PyTorch's `lam * x + (1 - lam) * x[index]`.
  private func blend(
    _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, share: Double, _ table: UnsafePointer<Float>,
    to out: UnsafeMutablePointer<Float>
  ) {
    let plane = images.height * images.width
    let (ofA, ofB) = (Float(share), Float(1 - share))
    for channel in 0..<images.channels {
      let (a, b, values) = (a + channel * plane, b + channel * plane, table + channel * 256)
      var target = out + channel * channelStride
      for pixel in 0..<plane {
        target.pointee = ofA * values[Int(a[pixel])] + ofB * values[Int(b[pixel])]
        target += pixelStride
      }
    }
  }

  private func paste(
    _ b: UnsafePointer<UInt8>, _ rows: Range<Int>, _ columns: Range<Int>, _ table: UnsafePointer<Float>,
    to out: UnsafeMutablePointer<Float>
  ) {
    let plane = images.height * images.width
    for channel in 0..<images.channels {
      let (source, values) = (b + channel * plane, table + channel * 256)
      for row in rows {
        for column in columns {
          let pixel = row * images.width + column
          out[channel * channelStride + pixel * pixelStride] = values[Int(source[pixel])]
        }
      }
    }
  }
}
