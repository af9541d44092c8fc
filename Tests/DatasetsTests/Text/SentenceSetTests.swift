import Foundation
import Testing

@testable import Datasets

@Suite struct SentenceSetTests {
  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func theRealSetsAreWhatTheyShouldBe() throws {
    let text = try #require(RealData.text)
    let sst2 = try SST2.load(from: "\(text)/sst2")
    #expect(sst2.train.countsPerClass == [3310, 3610])
    #expect(sst2.validation?.countsPerClass == [428, 444])
    #expect(sst2.test.countsPerClass == [912, 909])
    #expect(sst2.isOfficial && sst2.note == "the usual 6920 + 872 + 1821 sentences")
    let sst5 = try SST5.load(from: "\(text)/sst5")
    #expect(sst5.train.countsPerClass == [1092, 2218, 1624, 2322, 1288])
    #expect(sst5.validation?.countsPerClass == [139, 289, 229, 279, 165])
    #expect(sst5.test.countsPerClass == [279, 633, 389, 510, 399])
    #expect(sst5.isOfficial)
    let trec6 = try TREC6.load(from: "\(text)/trec6")
    #expect(trec6.train.countsPerClass == [1162, 1250, 86, 1223, 835, 896])
    #expect(trec6.test.countsPerClass == [138, 94, 9, 65, 81, 113])
    #expect(trec6.validation == nil && trec6.isOfficial)
    #expect(trec6.train.sentences[0] == "How did serfdom develop in and then leave Russia ?")
    // Its one word that is not ASCII.
    #expect(trec6.train.sentences[65].contains("sisterðcity"))
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func thePhrasesAreThere() throws {
    let text = try #require(RealData.text)
    let sst2 = try SST2.load(from: "\(text)/sst2", unit: .phrases)
    #expect(sst2.train.countsPerClass == [34_719, 42_219])
    #expect(sst2.test.count == 1821 && !sst2.isOfficial)
    #expect(sst2.note == "the usual 76938 + 872 + 1821, phrases to train on and sentences to test with")
    // Every sentence is one of its own phrases.
    let phrases = Set(sst2.train.sentences.map { Array($0.utf8) })
    let sentences = try SST2.load(from: "\(text)/sst2").train
    #expect(sentences.sentences.allSatisfy { phrases.contains(Array($0.utf8)) })
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func theLocatorFindsThem() throws {
    let text = try #require(RealData.text)
    for folder in [text, (text as NSString).deletingLastPathComponent] {
      let locator = DatasetLocator(data: folder, environment: [:])
      #expect(try locator.sst2().location == "\(folder)\(folder == text ? "" : "/text")/sst2")
      #expect(try locator.sst5().train.count == 8544)
      #expect(try locator.trec6().train.count == 5452)
      let corpus = try locator.textFile(["none.txt", "tinyshakespeare.txt"], what: "Shakespeare", advice: "")
      #expect(corpus.hasSuffix("text/corpus/tinyshakespeare.txt"))
    }
  }

  private static let small = [
    "train.txt": "1 good\n0 bad one\n", "dev.txt": "1 fine\n", "test.txt": "0 poor\r\n1 fair",
  ]

  private func small(_ scratch: Scratch, _ changes: [String: String] = [:]) throws -> String {
    for (name, text) in Self.small.merging(changes, uniquingKeysWith: { $1 }) {
      try scratch.write(text, "sst2/\(name)")
    }
    return "\(scratch.path)/sst2"
  }

  @Test func aSmallSetIsReadAndSaysThatItIsNotTheUsualOne() throws {
    let scratch = try Scratch()
    let set = try SST2.load(from: small(scratch))
    #expect(set.train.sentences == ["good", "bad one"] && set.train.labels == [1, 0])
    #expect(set.test.sentences == ["poor", "fair"])
    #expect(!set.isOfficial)
    #expect(set.note == "in the format of sst2, but not the usual files: 2 + 1 + 2 sentences")
    #expect(try DatasetLocator(data: scratch.path, environment: [:]).sst2().location == "\(scratch.path)/sst2")
  }

  @Test func theOthersNamesWillDo() throws {
    let scratch = try Scratch()
    for (name, text) in Self.small {
      try scratch.write(text, "stsa.binary.\((name as NSString).deletingPathExtension)")
    }
    #expect(try DatasetLocator(data: scratch.path, environment: [:]).sst2().train.count == 2)
  }

  @Test(arguments: [
    ("1 good\n\n0 bad\n", "train.txt, line 2: an empty line; expected a label from 0 to 1"),
    ("2 good\n", "train.txt, line 1: label 2; expected a label from 0 to 1"),
    ("1 a\n-1 good\n", "train.txt, line 2: '-1' in place of a label"),
    ("1 a\ngood\n", "train.txt, line 2: 'good' in place of a label"),
    ("1\n", "train.txt, line 1: a label without a sentence"),
    ("0  \n", "train.txt, line 1: a label without a sentence"),
    ("256 a\n", "train.txt, line 1: label 256"),
    ("", "train.txt: it is empty"),
  ])
  func aBadLineIsNamed(text: String, message: String) throws {
    let scratch = try Scratch()
    let folder = try small(scratch, ["train.txt": text])
    let error = try #require(throws: DatasetError.self) { try SST2.load(from: folder) }
    #expect(error.description.contains(message), "\(error)")
  }

  @Test(arguments: [
    [0xF0], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82], [0x80],
    [0xF8, 0x88, 0x80],
    [0xE0, 0x80, 0x80], [0xE2, 0x28, 0xA1],
  ])
  func whatIsNoUTF8IsNamedWithItsPlace(bytes: [Int]) throws {
    let scratch = try Scratch()
    let folder = try small(scratch)
    try scratch.write(Array("1 good\n0 bad ".utf8) + bytes.map(UInt8.init) + Array(" one\n".utf8), "sst2/train.txt")
    let error = try #require(throws: DatasetError.self) { try SST2.load(from: folder) }
    #expect(error.description.contains("train.txt, line 2, byte 7: 0x\(String(bytes[0], radix: 16)) there is no UTF-8"))
    // The standard library agrees that it is none.
    #expect(String(decoding: bytes.map(UInt8.init), as: UTF8.self).unicodeScalars.contains("\u{FFFD}"))
  }

  @Test func allThatIsUTF8IsTaken() {
    var bytes: [UInt8] = []
    for value in stride(from: UInt32(0), to: 0x110000, by: 7) {
      if let scalar = Unicode.Scalar(value) { bytes += Array(String(scalar).utf8) }
    }
    #expect(bytes.withUnsafeBufferPointer(UTF8Check.firstInvalid) == nil)
  }

  @Test func aMissingFileIsNamed() throws {
    let scratch = try Scratch()
    let folder = try small(scratch)
    try scratch.remove("sst2/dev.txt")
    let error = try #require(throws: DatasetError.self) { try SST2.load(from: folder) }
    #expect(error.description.contains("dev.txt: no such file, nor stsa.binary.dev"))
    let phrases = try #require(throws: DatasetError.self) { try SST2.load(from: folder, unit: .phrases) }
    #expect(phrases.description.contains("phrases.train.txt: no such file"))
    let absent = try #require(throws: DatasetError.self) {
      try DatasetLocator(data: scratch.path, environment: [:]).trec6()
    }
    #expect(absent.description.contains("TREC-6 is not there; the folder has SST-2"))
  }

  @Test func aTenthIsSetAside() throws {
    let count = 1000
    let all = try LabeledSentences(
      name: "x", sentences: (0..<count).map { "s\($0)" }, labels: (0..<count).map { UInt8($0 % 3) }, classCount: 3)
    let (train, held) = try all.holdingOut(using: MixStreams(seed: 1))
    #expect(train.count == 900 && held.count == 100)
    #expect(Set(train.sentences).union(held.sentences) == Set(all.sentences))
    #expect(try all.holdingOut(using: MixStreams(seed: 1)).validation == held)
    #expect(try all.holdingOut(using: MixStreams(seed: 2)).validation.sentences != held.sentences)
    // Not the first or last tenth: the mean index is that of a random sample, within four standard errors.
    let mean = held.sentences.reduce(0.0) { $0 + (Double($1.dropFirst()) ?? 0) } / 100
    #expect(abs(mean - 499.5) < 4 * 1000 / 12.0.squareRoot() / 10)
    #expect(throws: DatasetError.self) { try all.holdingOut(1, using: MixStreams()) }
  }
}
