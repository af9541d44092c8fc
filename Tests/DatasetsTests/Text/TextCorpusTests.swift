import Testing

@testable import Datasets

@Suite struct TextCorpusTests {
  private func documents(_ text: String, _ format: TextCorpus.Format) throws -> [[String]] {
    let scratch = try Scratch()
    var found: [[String]] = []
    try TextCorpus(file: scratch.write(text, "corpus.txt"), format: format).forEachDocument { found.append($0) }
    return found
  }

  @Test func emptyLinesSeparateDocuments() throws {
    let text = "\n\none . \n two\n \t\u{3000}\nthree\r\n\n\n"
    #expect(try documents(text, .blankLines) == [["one .", "two"], ["three"]])
  }

  @Test func wikiTextsTitlesSeparateDocuments() throws {
    let text = " \n = A = \n \n First . Second one ! \n = = B = = \n Third \n \n = C = 1 = \n \n Fourth ? \n = D \n"
    #expect(try documents(text, .wikiText) == [["First .", "Second one !", "Third"], ["Fourth ?", "= D"]])
  }

  @Test(arguments: [
    ("A 1 @,@ 000 @-@ page , $ 2 @.@ 5 book .", ["A 1,000-page , $ 2.5 book ."]),
    ("The <unk> of the <unk> .", ["The [UNK] of the [UNK] ."]),
    (
      "He said : \" No . \" Then \" Yes ! \" and left . \" Oh",
      ["He said : \" No . \"", "Then \" Yes ! \"", "and left .", "\" Oh"]
    ),
    ("Mr. A of the U.S. ran .", ["Mr. A of the U.S. ran ."]),
    ("", []),
  ])
  func paragraphsAreCutIntoSentences(paragraph: String, sentences: [String]) {
    #expect(WikiText.sentences(paragraph) == sentences)
  }

  @Test(
    arguments: [
      ("= A =", 1), ("= = A b = =", 2), ("= = = A = = =", 3), ("= A", nil), ("= = A =", nil), ("= =", nil), ("a", nil),
    ]
      as [(String, Int?)])
  func headingsHaveALevel(line: String, level: Int?) {
    #expect(WikiText.headingLevel(line) == level)
  }

  @Test(.enabled(if: RealData.text != nil, "the text data are not beside the package"))
  func wikiTextHasItsArticles() throws {
    let text = try #require(RealData.text)
    var (articles, unknown, words) = (0, 0, 0)
    var lengths: [Int] = []
    try TextCorpus(file: "\(text)/corpus/wikitext-2.valid.txt", format: .wikiText).forEachDocument { document in
      articles += 1
      for sentence in document {
        let parts = sentence.split(separator: " ")
        lengths.append(parts.count)
        words += parts.count
        unknown += parts.count { $0 == "[UNK]" }
      }
    }
    // WikiText-2's validation part is said to be 60 articles (Merity et al. 2016, table 1).
    #expect(articles == 60)
    // 213,886 words with headings and escapes; 2.6 % to 5.4 % of WikiText-2 are out of its vocabulary.
    #expect(words > 195_000 && words < 213_886)
    #expect(unknown > words / 40 && unknown < words / 15)
    // Sentences, not paragraphs: English has about twenty words in one.
    let mean = Double(words) / Double(lengths.count)
    #expect(mean > 18 && mean < 28, "\(mean)")
  }
}
