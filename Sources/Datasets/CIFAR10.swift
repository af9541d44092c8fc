import Foundation

/// CIFAR-10 (Krizhevsky, Nair and Hinton): 50,000 + 10,000 colour images of 32 × 32 pixels in ten classes, in the files
/// of its binary version.
public enum CIFAR10 {
  /// In the order of the labels, from 0 on (the official `batches.meta.txt`).
  public static let classNames = [
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
  ]
  /// Rows and columns of an image.
  public static let side = 32
  /// Red, green and blue.
  public static let channels = 3

  /// The official five training batches, in their order.
  static let trainFiles = (1...5).map { "data_batch_\($0).bin" }
  static let testFile = "test_batch.bin"

  /// Below a folder of data sets: as the archive unpacks, ours, and plain.
  static let layout = FolderLayout(
    subfolders: ["", "cifar-10-batches-bin", "cifar10/cifar-10-batches-bin", "cifar10"],
    fileNames: trainFiles + [testFile])

  /// Reads the whole set from the folder that holds its six batch files. The training images come in the order of
  /// the batches 1 to 5.
  ///
  /// A batch may have any number of records from 1 to 100,000 (the official ones have 10,000; a subset has fewer), but all
  /// six files must be there. `ImageDataset.note` says whether they are the official ones, byte for byte, or else how many
  /// images they hold.
  ///
  /// - Parameter folder: usually `cifar-10-batches-bin`.
  /// - Returns: the set, named `cifar10`; images of 3 × 32 × 32.
  /// - Throws: `DatasetError`: a file is missing, unreadable, no whole number of records, or has a label over 9.
  public static func load(from folder: String) throws(DatasetError) -> ImageDataset {
    // All are opened before any is read, so that a missing one is told at once.
    var batches: [CIFARBatch] = []
    for name in trainFiles + [testFile] { batches.append(try CIFARBatch(file: require(name, in: folder))) }
    let (train, trainDigests) = try part("train", batches.dropLast(), folder)
    let (test, testDigests) = try part("test", batches.suffix(1), folder)
    let official = trainDigests + testDigests == (trainFiles + [testFile]).map { officialDigests[$0] }
    let what = official ? "CIFAR-10, the official" : "in CIFAR-10's format, but not the official files:"
    return try ImageDataset(
      name: "cifar10", train: train, test: test, location: folder,
      note: "\(what) \(train.count) + \(test.count) images", isOfficial: official)
  }

  /// SHA-256 of the official batch files, as they are in the pinned archive.
  ///
  /// Source: the data sets of `torchvision-ruby`, which refuses other files; the last is listed by others too.
  static let officialDigests = [
    "data_batch_1.bin": "cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5",
    "data_batch_2.bin": "a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed",
    "data_batch_3.bin": "bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67",
    "data_batch_4.bin": "014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48",
    "data_batch_5.bin": "755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add",
    "test_batch.bin": "8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b",
  ]

  private static func part(
    _ name: String, _ batches: ArraySlice<CIFARBatch>, _ folder: String
  ) throws(DatasetError) -> (LabeledImages, digests: [String]) {
    var images: [UInt8] = []
    var labels: [UInt8] = []
    var digests: [String] = []
    images.reserveCapacity(batches.reduce(0) { $0 + $1.count } * CIFARBatch.pixelsPerImage)
    for batch in batches { digests.append(try batch.read(into: &images, &labels)) }
    let part = try LabeledImages(
      name: "cifar10 \(name)", images: images, labels: labels, channels: channels, height: side, width: side,
      classCount: classNames.count, file: folder)
    return (part, digests)
  }

  private static func require(_ name: String, in folder: String) throws(DatasetError) -> String {
    let file = "\(folder)/\(name)"
    if FileManager.default.fileExists(atPath: file) { return file }
    throw DatasetError(
      .notFound, file: file, problem: "no such file\(lookalike(in: folder).map { "; \($0.found)" } ?? "")",
      expected: "data_batch_1.bin to data_batch_5.bin and \(testFile)",
      advice: lookalike(in: folder)?.advice ?? "`idinit-lab fetch cifar10` downloads all of them")
  }
}

extension CIFAR10 {
  private static let fetchAdvice =
    "Only the binary version of CIFAR-10 is read: `idinit-lab fetch cifar10` downloads it"

  /// What is often there instead: its name, what it is, what to do.
  private static let lookalikes: [(name: String, what: String, advice: String)] = [
    ("cifar-10-binary.tar.gz", "the right archive, still packed", "Unpack it there with `tar -xzf`"),
    ("cifar-10-python.tar.gz", "the version for Python", fetchAdvice),
    ("cifar-10-batches-py", "the version for Python", fetchAdvice),
    ("data_batch_1", "the version for Python", fetchAdvice),
    ("cifar-10-matlab.tar.gz", "the version for Matlab", fetchAdvice),
    ("cifar-10-batches-mat", "the version for Matlab", fetchAdvice),
    ("data_batch_1.mat", "the version for Matlab", fetchAdvice),
    ("cifar-100-binary.tar.gz", "CIFAR-100, another data set", fetchAdvice),
    ("cifar-100-binary", "CIFAR-100, another data set", fetchAdvice),
  ]

  /// Something in `folder`, or where the set would be below it, that was perhaps taken for the set.
  ///
  /// - Returns: a clause that names it and says what it is, and what to do; `nil` if there is nothing of the kind.
  static func lookalike(in folder: String) -> (found: String, advice: String)? {
    for candidate in layout.candidates(in: folder) {
      for (name, what, advice) in lookalikes
      where FileManager.default.fileExists(atPath: "\(candidate)/\(name)") {
        return ("\(candidate)/\(name) is \(what)", advice)
      }
    }
    return nil
  }
}
