import Foundation

/// MNIST (LeCun, Cortes and Burges): 60,000 + 10,000 handwritten digits of 28 × 28 grey pixels, in its official IDX
/// files, packed with gzip or not.
public enum MNIST {
  /// Ten digits.
  public static let classCount = 10
  /// Rows and columns of an image.
  public static let side = 28

  /// One of the four official files.
  enum Part: String, CaseIterable {
    case trainImages = "train-images"
    case trainLabels = "train-labels"
    case testImages = "t10k-images"
    case testLabels = "t10k-labels"

    var rank: Int { self == .trainImages || self == .testImages ? 3 : 1 }

    /// The names that it goes by, unpacked first. Some unpackers write a dot where the official name has a dash.
    var names: [String] {
      ["-", "."].map { "\(rawValue)\($0)idx\(rank)-ubyte" }.flatMap { [$0, "\($0).gz"] }
    }
  }

  /// Digests of the official content, as `LabeledImages.digest` defines them.
  static let officialTrainDigest = "c485b62a0b9058e07e05774b4f7e65ea61a81bf4d4ef04e098dd61a0b112b358"
  static let officialTestDigest = "d7bf406023964583ca951a3c9d7b43e87a6f336a03fc4c3a5bc2e9fcf99f2d31"

  /// Reads the whole set from a folder that holds the four files.
  ///
  /// Files with other counts than the official ones are read too (a subset of one's own, or another set in the same
  /// format); `ImageDataset.note` then says so.
  ///
  /// - Throws: `DatasetError`: a file is missing, unreadable, truncated or corrupt, is not what its name says, images
  ///   and labels differ in number, images are not 28 × 28, or a label is over 9.
  public static func load(from folder: String) throws(DatasetError) -> ImageDataset {
    let train = try loadPart("train", images: .trainImages, labels: .trainLabels, from: folder)
    let test = try loadPart("test", images: .testImages, labels: .testLabels, from: folder)
    let official = train.digest == officialTrainDigest && test.digest == officialTestDigest
    let counts = "\(train.count) + \(test.count) digits"
    return try ImageDataset(
      name: "mnist", train: train, test: test, location: folder,
      note: official ? "MNIST, the official \(counts)" : "in MNIST's format, but not the official files: \(counts)",
      isOfficial: official)
  }

  /// Below a folder of data sets: the folder itself, ours, and torchvision's.
  static let layout = FolderLayout(
    subfolders: ["", "mnist", "MNIST", "MNIST/raw"], fileNames: Part.allCases.flatMap(\.names))

  private static func path(of part: Part, in folder: String) -> String? {
    part.names.map { "\(folder)/\($0)" }.first { FileManager.default.fileExists(atPath: $0) }
  }

  private static func loadPart(
    _ name: String, images: Part, labels: Part, from folder: String
  ) throws(DatasetError) -> LabeledImages {
    let imageFile = try IDXFile(file: require(images, in: folder), rank: images.rank, what: "images")
    let labelFile = try IDXFile(file: require(labels, in: folder), rank: labels.rank, what: "labels")
    let (count, height, width) = (imageFile.dimensions[0], imageFile.dimensions[1], imageFile.dimensions[2])
    guard height == side, width == side else {
      throw DatasetError(
        .malformed, file: imageFile.file, place: "byte 8", problem: "images of \(height)×\(width) pixels",
        expected: "\(side)×\(side)")
    }
    guard labelFile.dimensions[0] == count else {
      throw DatasetError(
        .mismatch, file: labelFile.file, place: "byte 4", problem: "\(labelFile.dimensions[0]) labels",
        expected: "\(count), one for each image in \(imageFile.file)")
    }
    if let index = labelFile.bytes.firstIndex(where: { Int($0) >= classCount }) {
      throw DatasetError(
        .malformed, file: labelFile.file, place: "byte \(IDXFile.headerSize(dimensions: 1) + index)",
        problem: "label \(labelFile.bytes[index]) for image \(index)", expected: "a digit from 0 to 9")
    }
    return try LabeledImages(
      name: "mnist \(name)", images: imageFile.bytes, labels: labelFile.bytes, channels: 1, height: height,
      width: width, classCount: classCount, file: imageFile.file)
  }

  private static func require(_ part: Part, in folder: String) throws(DatasetError) -> String {
    if let path = path(of: part, in: folder) { return path }
    throw DatasetError(
      .notFound, file: "\(folder)/\(part.rawValue)-idx\(part.rank)-ubyte", problem: "no such file, packed (.gz) or not",
      advice: "`idinit-lab fetch mnist` downloads the four official files")
  }
}
