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

  @Test func noiseIsAnOption() throws {
    let folder = try TemporaryFolder()
    let start = ["probe", "linear5-tanh", "--methods", "idinit", "--batch", "4", "--threads", "1"]
    let text = try lab(
      start + ["--probes", "noise", "--input-noise", "0,0.5", "--layers"], in: folder.url)
    #expect(text.status == 0, "\(text.standardError)")
    #expect(text.standardOutput.contains("with noise of 0 and 0.5"))
    // Five layers with each size of noise, and a head.
    for column in ["noise", "mean", "std", "gradient"] { #expect(text.standardOutput.contains(column)) }
    #expect(text.standardOutput.split(separator: "\n").filter { $0.contains("fc3") }.count == 2)
    for (options, hint) in [
      (["--input-noise", "0,x"], "'x'; expected standard deviations"), (["--input-noise", "-1"], "input-noise"),
      (["--input-noise", "1,1"], "twice"), (["--input-noise", "1", "--probes", "start"], "does nothing without"),
      (["--scale", "smoke"], "--scale does nothing for linear5-tanh"),
      (["--data", "."], "--data does nothing for linear5-tanh"),
    ] {
      let refused = try lab(start + options, in: folder.url)
      #expect(refused.status == 64 && refused.standardError.contains(hint), "\(options) \(refused.standardError)")
    }
  }

  @Test func aRecipeIsASubject() throws {
    let folder = try TemporaryFolder()
    let start = ["probe", "table8", "--scale", "smoke", "--threads", "1"]
    let text = try lab(start + ["--methods", "idinit", "--probes", "start,rate"], in: folder.url)
    #expect(text.status == 0, "\(text.standardError)")
    for part in ["table8 · Linear-5 on MNIST", "128 images of synthetic", "\ntanh idinit\n", "\nrelu idinit\n"] {
      #expect(text.standardOutput.contains(part), "\(part) in \(text.standardOutput)")
    }
    let json = try lab(start + ["--probes", "start,rate", "--json"], in: folder.url)
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(json.standardOutput.utf8)) as? [String: Any])
    #expect(document["network"] as? String == "table8" && document["batch"] as? Int == 128)
    #expect(
      document["command"] as? String == "idinit-lab probe table8 --scale smoke --probes start,rate --seed 0 --json")
    let methods = try #require(document["methods"] as? [[String: Any]])
    #expect(methods.map { $0["method"] as? String } == ["tanh default", "tanh idinit", "relu default", "relu idinit"])
    let rate = try #require((methods[0]["probes"] as? [String: Any])?["rate"] as? [String: Any])
    let rows = try #require(rate["rows"] as? [[String: Any]])
    #expect(rows.count >= 8 && rows.allSatisfy { $0["lastLoss"] != nil && $0["learningRate"] is Double })
    let refused = try lab(["probe", "figure17"], in: folder.url)
    #expect(refused.status == 64 && refused.standardError.contains("figure17 cannot be probed: it is a chain of"))
    let odd = try lab(["probe", "figure19", "--scale", "smoke", "--methods", "idinit"], in: folder.url)
    #expect(odd.status == 64 && odd.standardError.contains("--methods does nothing for figure19"))
  }
}
