import Datasets
import IDInit
import Testing

@testable import Lab

@Suite struct PhiloxStreamsTests {
  @Test func theNumbersAreTheLibrarysWordsTwoByTwo() {
    let stream = RandomStream(seed: 7, name: "datasets/held-out")
    var numbers = PhiloxStreams(seed: 7).numbers("held-out")
    for block in 0..<10 as Range<UInt64> {
      let words = stream.block(block)
      #expect(numbers.next() == UInt64(words[0]) << 32 | UInt64(words[1]))
      #expect(numbers.next() == UInt64(words[2]) << 32 | UInt64(words[3]))
    }
  }

  @Test func seedAndNameBothMatter() {
    func first(_ seed: UInt64, _ name: String) -> UInt64 {
      var numbers = PhiloxStreams(seed: seed).numbers(name)
      return numbers.next()
    }
    #expect(Set([first(0, "a"), first(1, "a"), first(0, "b"), first(1, "b")]).count == 4)
    #expect(first(1, "a") == first(1, "a"))
    #expect(PhiloxStreams(seed: 1).identity == "philox, seed 1")
  }

  /// An epoch's order of batches: that of any platform and any version, since published runs depend on it.
  @Test func theOrderOfSentencesIsPinned() throws {
    let batches = try SentenceBatches(
      lengths: [3, 1, 4, 1, 5, 9, 2, 6, 5, 3], batchSize: 4, poolSize: 2, epoch: 1, streams: PhiloxStreams(seed: 5))
    // Computed in Python from Philox's definition, by the same steps.
    #expect(batches.batches == [[3, 1, 6, 9], [4, 8], [0, 2, 7, 5]])
  }
}
