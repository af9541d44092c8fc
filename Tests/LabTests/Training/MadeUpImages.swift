import Datasets
import IDInit

@testable import Lab

/// Images without meaning, for tests: every byte is random, labels go round.
enum MadeUpImages {
  static func make(
    count: Int, channels: Int = 3, height: Int = 32, width: Int = 32, classes: Int = 10, seed: UInt64 = 0
  ) throws -> LabeledImages {
    var numbers = StreamNumbers(RandomStream(seed: seed, name: "made up"))
    return try LabeledImages(
      name: "made up", images: (0..<count * channels * height * width).map { _ in UInt8(numbers.next() >> 24) },
      labels: (0..<count).map { UInt8($0 % classes) }, channels: channels, height: height, width: width,
      classCount: classes)
  }
}

/// What a batch must be, computed pixel by pixel from the definitions, with nothing of the writer's.
struct ReferenceBatch {
  let images: LabeledImages
  let normalization: Normalization
  let padding: Int

  /// The number at a place of an image that has been padded, cropped, mirrored and normalised.
  func number(_ index: Int, _ placement: Placement, _ channel: Int, _ row: Int, _ column: Int) -> Float {
    let (height, width) = (images.height, images.width)
    // The image with a black border; the window begins `padding + offset` pixels into it.
    var padded = [[UInt8]](
      repeating: [UInt8](repeating: 0, count: width + 2 * padding), count: height + 2 * padding)
    for y in 0..<height {
      for x in 0..<width {
        padded[y + padding][x + padding] = images.images[((index * images.channels + channel) * height + y) * width + x]
      }
    }
    let window = (0..<height).map { y in
      (0..<width).map { x in padded[y + padding + placement.down][x + padding + placement.right] }
    }
    let mirrored = placement.isFlipped ? window.map { Array($0.reversed()) } : window
    let pixel = Float(mirrored[row][column])
    // As PyTorch rounds x.mul_(scale).add_(shift).
    let scaled = pixel * Float(1 / (255 * normalization.std[channel]))
    return scaled + Float(-normalization.mean[channel] / normalization.std[channel])
  }

  /// [N, C, H, W], row-major.
  func values(_ indices: [Int], _ placements: [Placement], _ mixing: Mixing?) -> [Float] {
    var values: [Float] = []
    for place in indices.indices {
      for channel in 0..<images.channels {
        for row in 0..<images.height {
          for column in 0..<images.width {
            let own = number(indices[place], placements[place], channel, row, column)
            guard let mixing else {
              values.append(own)
              continue
            }
            let partner = mixing.partners[place]
            let other = number(indices[partner], placements[partner], channel, row, column)
            switch mixing.kind {
            case .blend: values.append(Float(mixing.share) * own + Float(1 - mixing.share) * other)
            case .paste(let rows, let columns):
              values.append(rows.contains(row) && columns.contains(column) ? other : own)
            }
          }
        }
      }
    }
    return values
  }
}
