import IDInit

/// Where an image of a batch goes: by how many pixels its window is moved, and whether it is mirrored afterwards.
struct Placement: Hashable, Sendable {
  /// The window's rows and columns begin here in the image, from −padding to +padding.
  var down = 0
  var right = 0
  var isFlipped = false
}

/// How the images of a batch are mixed with each other.
struct Mixing: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// Image a becomes λa + (1 − λ)b.
    case blend
    /// These rows and columns come from b.
    case paste(rows: Range<Int>, columns: Range<Int>)
  }

  var kind: Kind
  /// b of each image: a permutation of the batch.
  var partners: [Int]
  /// λ: how much of a is left.
  var share: Double
}

/// Everything that is random about batches, each a function of seed, epoch and place: nothing is remembered, so a run
/// that goes on draws what it would have drawn.
struct BatchDraws: Sendable {
  private let augmentation: Augmentation
  private let seed: UInt64
  private let epoch: Int
  private let places: RandomStream

  init(_ augmentation: Augmentation, seed: UInt64, epoch: Int) {
    (self.augmentation, self.seed, self.epoch) = (augmentation, seed, epoch)
    places = RandomStream(seed: seed, name: "lab/augment/epoch-\(epoch)")
  }

  /// The draws of the image at `position` of the epoch's order: a block of the epoch's stream, whose first two words are
  /// the window's place and whose third is the mirror.
  ///
  /// A word times the number of places, the upper half of it: of 9 places none is likelier than another by more than
  /// 2⁻²⁸ of its chance.
  func placement(at position: Int) -> Placement {
    guard augmentation.moves else { return Placement() }
    let words = places.block(UInt64(position))
    let padding = augmentation.cropPadding
    func offset(_ word: UInt32) -> Int { Int((UInt64(word) * UInt64(2 * padding + 1)) >> 32) - padding }
    return Placement(
      down: offset(words.x), right: offset(words.y), isFlipped: augmentation.flip && words.z >> 31 == 1)
  }

  /// The mixing of a step's batch; nil where none is asked for.
  func mixing(step: Int, count: Int, height: Int, width: Int) -> Mixing? {
    guard augmentation.mixes else { return nil }
    var numbers = StreamNumbers(RandomStream(seed: seed, name: "lab/mix/epoch-\(epoch)/step-\(step)"))
    let cuts =
      augmentation.mixup == 0
      || (augmentation.cutmix > 0 && numbers.uniform() < augmentation.switchProbability)
    let share = numbers.beta(cuts ? augmentation.cutmix : augmentation.mixup)
    let partners = numbers.permutation(count)
    guard cuts else { return Mixing(kind: .blend, partners: partners, share: share) }
    // As in the authors' rand_bbox: sides by the square root of the area, cut to whole pixels, about a pixel that is
    // equally likely everywhere, clipped at the edges.
    let side = (1 - share).squareRoot()
    func range(_ size: Int) -> Range<Int> {
      let half = Int(Double(size) * side) / 2
      let middle = Int(numbers.below(UInt64(size)))
      return max(0, middle - half)..<min(size, middle + half)
    }
    let (rows, columns) = (range(height), range(width))
    let area = Double(rows.count * columns.count) / Double(height * width)
    return Mixing(kind: .paste(rows: rows, columns: columns), partners: partners, share: 1 - area)
  }
}
