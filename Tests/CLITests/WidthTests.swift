import Foundation
import TestSupport
import Testing

@testable import IDInitTool

/// No line of what people read is wider than the terminal. (Commands, which are copied, may be.)
struct WidthTests {
  private func checkWidth(_ arguments: [String], _ width: Int = 80, status: Int32 = 0, in folder: URL? = nil) throws {
    let ran = try run(idinitBinary, arguments, environment: ["COLUMNS": "\(width)"], in: folder)
    #expect(ran.status == status && !ran.standardOutput.isEmpty, "\(arguments): \(ran.standardError)")
    for line in ran.standardOutput.split(separator: "\n")
    where line.count > width && !line.hasPrefix("To write it: ") && !line.contains("load_state_dict") {
      Issue.record("idinit \(arguments.joined(separator: " ")), at \(width) columns, has \(line.count): \(line)")
    }
  }

  @Test("plans", arguments: allModels.filter { !["pickled", "split"].contains($0) })
  func plans(_ name: String) throws {
    for width in [60, 80, 132] {
      try checkWidth(["plan", model(name)], width)
      try checkWidth(["plan", "--all", model(name)], width)
    }
  }

  @Test(
    "drawings",
    arguments: [
      "idi 6x4", "idic 8x2x3x3", "idiz 768x3072", "idizc 64x64x3x3 --dtype bfloat16",
      "kaiming-normal 64x64x7x7 --seed 3",
      "orthogonal 32x32", "zero 1024", "truncated-normal 512x512 --low -1 --high 1",
    ])
  func drawings(_ arguments: String) throws {
    try checkWidth(["show"] + arguments.split(separator: " ").map(String.init))
  }

  @Test("what differs, and what is not as planned")
  func differences() throws {
    let folder = try TemporaryFolder()
    let path = model("transformer")
    for seed in ["0", "1"] {
      let written = try run(
        idinitBinary, ["init", path, "-o", "seed\(seed).safetensors", "--seed", seed, "--method", "kaiming", "-q"],
        in: folder.url)
      #expect(written.status == 0, "\(written.standardError)")
    }
    try checkWidth(["diff", "seed0.safetensors", "seed1.safetensors"], status: 1, in: folder.url)
    try checkWidth(["diff", "seed0.safetensors", "seed0.safetensors"], in: folder.url)
    let verify = ["verify", "seed0.safetensors", "--plan", path, "--all"]
    try checkWidth(verify, in: folder.url)
    try checkWidth(verify + ["--seed", "1"], status: 1, in: folder.url)
    // Programs that read lines get one for each tensor.
    let piped = try idinit("diff", "seed0.safetensors", "seed1.safetensors", in: folder.url).standardOutput
    #expect(piped.split(separator: "\n").dropLast().allSatisfy { $0.contains(": ") && $0.contains("differ") })
  }

  @Test("progress fits, and says how long the rest takes", arguments: 1...120)
  func progress(_ width: Int) {
    let line = Progress.line(
      "writing model.safetensors", done: 3_000_000_000, of: 12_000_000_000, seconds: 60, width: width)
    #expect(line.count <= max(width, 4), "\(line)")
    #expect(
      width < 80 || line == "writing model.safetensors: 25 %, 3 GB of 12 GB, 3 min 00 s left", "\(line)")
    #expect(width < 21 || line.hasSuffix("3 min 00 s left"), "\(line)")
  }
}
