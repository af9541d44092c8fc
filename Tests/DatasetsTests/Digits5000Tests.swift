import Testing

@testable import Datasets

@Suite struct Digits5000Tests {
  @Test(.enabled(if: RealData.digits != nil, "the bootstrap has not brought the 5,000 digits"))
  func theRealFileSplitsEvenly() throws {
    let set = try Digits5000.load(from: try #require(RealData.digits))
    #expect(set.train.countsPerClass == [Int](repeating: 400, count: 10))
    #expect(set.test.countsPerClass == [Int](repeating: 100, count: 10))
    // Real digits, scaled as MNIST's are: a rough check that pixels are pixels (MNIST's own mean is 0.1307; the
    // standard error of the mean brightness of 4,000 digits is below 0.001).
    #expect(abs(set.train.channelStatistics.mean[0] - 0.1307) < 0.004)
  }

  @Test(.enabled(if: RealData.digits != nil && RealData.mnist != nil, "needs both sets"))
  func theDigitsAreMNISTs() throws {
    let digits = try Digits5000.load(from: try #require(RealData.digits))
    let mnist = try MNIST.load(from: try #require(RealData.mnist))
    var known: Set<ArraySlice<UInt8>> = []
    for set in [mnist.train, mnist.test] {
      for index in 0..<set.count { known.insert(set.images[index * 784..<(index + 1) * 784]) }
    }
    for index in 0..<digits.train.count {
      #expect(known.contains(digits.train.images[index * 784..<(index + 1) * 784]), "image \(index)")
    }
  }

  @Test func everyFifthImageOfAClassIsATestImageAndClassesAlternate() throws {
    let scratch = try Scratch()
    let file = try scratch.write(SmallDigits.packed, "digits.csv.gz")
    let set = try Digits5000.load(from: file)
    #expect(set.train.labels.prefix(12) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    #expect(set.test.labels.prefix(12) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1])
    // Image n of class c has its one bright pixel, of value c + 1, at place n.
    func marked(_ set: LabeledImages, _ index: Int) -> (place: Int, value: UInt8)? {
      let pixels = Array(set.images[index * 784..<(index + 1) * 784])
      return pixels.firstIndex { $0 != 0 }.map { ($0, pixels[$0]) }
    }
    #expect(try #require(marked(set.train, 3)) == (0, 4))
    #expect(try #require(marked(set.train, 42)) == (5, 3))  // the fifth round: places 0, 1, 2, 3, 5
    #expect(try #require(marked(set.test, 0)) == (4, 1))
    #expect(try #require(marked(set.test, 999)) == (499, 10))
  }

  struct Spoilt: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let spoil: @Sendable (inout [String]) -> Void
    let kind: DatasetError.Kind
    let says: String
  }

  static let spoilt: [Spoilt] = [
    Spoilt(
      testDescription: "a bad number", spoil: { $0[16] = "x" + $0[16] }, kind: .malformed,
      says: "line 17, column 1: 'x"),
    Spoilt(
      testDescription: "a number over 255", spoil: { $0[16] = "256" + $0[16].dropFirst() }, kind: .malformed,
      says: "line 17, column 1: '256'; expected a number from 0 to 255"),
    Spoilt(
      testDescription: "a negative number", spoil: { $0[0] = "-1" + $0[0].dropFirst() }, kind: .malformed,
      says: "line 1, column 1: '-1'"),
    Spoilt(
      testDescription: "an empty field", spoil: { $0[4] = "," + $0[4].dropFirst(2) }, kind: .malformed,
      says: "line 5, column 1: ''"),
    Spoilt(
      testDescription: "a short line", spoil: { $0[99] = "1,2,3" }, kind: .truncated,
      says: "line 100: 3 numbers; expected 784 pixels and a class"),
    Spoilt(
      testDescription: "a long line", spoil: { $0[99] += ",1" }, kind: .malformed, says: "line 100: 786 numbers"),
    Spoilt(
      testDescription: "an empty line", spoil: { $0[99] = "" }, kind: .malformed, says: "line 100, column 1: ''"),
    Spoilt(
      testDescription: "a class over 9", spoil: { $0[99] = String($0[99].dropLast()) + "12" }, kind: .malformed,
      says: "line 100, column 785: class 12; expected a digit from 0 to 9"),
    Spoilt(
      testDescription: "too few lines", spoil: { $0.removeLast() }, kind: .truncated,
      says: "4999 lines; expected 5000"),
    Spoilt(
      testDescription: "too many lines", spoil: { $0.append($0[0]) }, kind: .malformed,
      says: "5001 lines; expected 5000"),
    Spoilt(
      testDescription: "classes of unequal size", spoil: { $0[0] = String($0[0].dropLast()) + "1" }, kind: .mismatch,
      says: "499 images of class 0; expected 500"),
  ]

  @Test(arguments: spoilt)
  func aBadLineIsNamed(_ spoilt: Spoilt) throws {
    let scratch = try Scratch()
    var lines = SmallDigits.lines()
    spoilt.spoil(&lines)
    let file = try scratch.write(SmallDigits.text(lines), "digits.csv")
    let error = try #require(throws: DatasetError.self) { try Digits5000.load(from: file) }
    #expect(error.kind == spoilt.kind)
    #expect(error.file == file)
    #expect(error.description.contains(spoilt.says), "\(error)")
  }

  @Test func aBombIsNotUnpackedToItsEnd() throws {
    let scratch = try Scratch()
    // 18 MB of zeros in 0.1 MB, where 15.7 MB are the most that the format can need.
    let file = try scratch.write(Gzip.bomb(repeats: 70_000), "digits.csv.gz")
    let error = try #require(throws: DatasetError.self) { try Digits5000.load(from: file) }
    #expect(error.description.contains("nothing after 15700000 bytes"), "\(error)")
  }
}
