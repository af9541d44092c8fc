import Foundation
import TestSupport
import Testing

@Suite struct ProbeCommandTests {
  private func lab(_ arguments: [String], in folder: URL) throws -> ProgramResult {
    try TestSupport.run(ResumeTests.binary, arguments, in: folder)
  }

  @Test func probesAreShownByMethod() throws {
    let folder = try TemporaryFolder()
    let arguments = [
      "probe", "linear5-tanh", "--methods", "xavier,idinit", "--probes", "start,jacobian", "--batch", "4", "--threads",
      "1",
    ]
    let text = try lab(arguments, in: folder.url)
    #expect(text.status == 0, "\(text.standardError)")
    for part in ["linear5-tanh", "\nxavier\n", "\nidinit\n", "  start ", "  jacobian ", "χ = "] {
      #expect(text.standardOutput.contains(part), "\(part)")
    }
    #expect(text.standardOutput.split(separator: "\n").allSatisfy { $0.count <= 80 })
    let json = try lab(arguments + ["--json"], in: folder.url)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any])
    let methods = try #require(document["methods"] as? [[String: Any]])
    #expect(methods.map { $0["method"] as? String } == ["xavier", "idinit"])
    for (wrong, hint) in [
      (["probe", "linear5-tahn"], "did you mean 'linear5-tanh'?"),
      (["probe", "all-conv", "--probes", "signl"], "signal"),
      (["probe", "all-conv", "--methods", "kaimin"], "kaiming"), (["probe", "all-conv", "--batch", "1"], "2 to 4096"),
    ] {
      let refused = try lab(wrong, in: folder.url)
      #expect(refused.status == 64, "\(wrong) \(refused.status)")
      #expect(refused.standardError.contains(hint), "\(refused.standardError)")
      #expect(refused.standardError.split(separator: "\n").count == 1)
    }
    // Counts are whole and headings words.
    let layers = try lab(
      ["probe", "linear5-tanh", "--methods", "idinit", "--probes", "weights,rank", "--batch", "2", "--layers"],
      in: folder.url
    ).standardOutput
    for part in [" 401,408 ", "% of 1,192,960 weights are 0", "rank  full rank  residual rank"] {
      #expect(layers.contains(part), "\(layers)")
    }
    // What a scheme cannot serve is said, not measured.
    #expect(try lab(["probe", "all-conv", "--methods", "fixup"], in: folder.url).status == 64)
  }
}
