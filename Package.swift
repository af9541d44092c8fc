// swift-tools-version: 6.1
import Foundation
import PackageDescription

// The method (IDInit, ModelFiles, idinit) needs nothing but Swift. The bench (CTorch … idinit-lab) is built
// on libtorch, which is looked for in this order, as Rust's tch does:
//   1. LIBTORCH=DIR               a folder that holds include/ and lib/
//   2. LIBTORCH_USE_PYTORCH=1     the PyTorch that `python3` imports
//   3. IDINIT_DEPS/libtorch, else .deps/libtorch, where scripts/bootstrap puts it
// IDINIT_TORCH=0 leaves the bench out, for those who want the library and `idinit` alone.
// The place is named whether or not it exists (SwiftPM caches this manifest by its text and the environment);
// if nothing is there, CTorch's first header says what to do.
let environment = Context.environment
let withTorch = environment["IDINIT_TORCH"] != "0"

func libtorchFolder() -> String {
  if let folder = environment["LIBTORCH"], !folder.isEmpty { return folder }
  if environment["LIBTORCH_USE_PYTORCH"] == "1" {
    // Where `python3` has none, a place that holds nothing: CTorch's first header then says so.
    return pytorchFolder() ?? "\(Context.packageDirectory)/.deps/no-pytorch"
  }
  let deps = environment["IDINIT_DEPS"].flatMap { $0.isEmpty ? nil : $0 } ?? "\(Context.packageDirectory)/.deps"
  return "\(deps)/libtorch"
}

func pytorchFolder() -> String? {
  let python = Process()
  python.executableURL = URL(fileURLWithPath: "/usr/bin/env")
  python.arguments = [
    "python3", "-c",
    "import importlib.util as u, os; print(os.path.dirname(u.find_spec('torch').origin))",
  ]
  let output = Pipe()
  python.standardOutput = output
  guard (try? python.run()) != nil else { return nil }
  let data = output.fileHandleForReading.readDataToEndOfFile()
  python.waitUntilExit()
  guard python.terminationStatus == 0 else { return nil }
  return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
}

let warningsAsErrors: [SwiftSetting] =
  environment["IDINIT_WARNINGS_AS_ERRORS"] == "1" ? [.unsafeFlags(["-warnings-as-errors"])] : []

var products: [Product] = [
  .library(name: "IDInit", targets: ["IDInit"]),
  .library(name: "ModelFiles", targets: ["ModelFiles"]),
  .executable(name: "idinit", targets: ["IDInitTool"]),
]

var dependencies: [Package.Dependency] = [
  .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
  .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
]

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let mustache = Target.Dependency.product(name: "Mustache", package: "swift-mustache")

var targets: [Target] = [
  // IDInit and ModelFiles carry no unsafe flags, so that packages elsewhere can depend on them.
  .target(name: "IDInit"),
  .target(name: "ModelFiles", dependencies: ["IDInit"]),
  // Not called `idinit`: beside IDInit that would be one file on file systems that ignore case.
  .executableTarget(
    name: "IDInitTool", dependencies: ["IDInit", "ModelFiles", argumentParser], path: "Sources/idinit",
    swiftSettings: warningsAsErrors),
  // Results as plain values, and the page that shows them: no libtorch, and nothing of `idinit`.
  .target(name: "Records", swiftSettings: warningsAsErrors),
  .target(name: "Report", dependencies: ["Records", mustache], swiftSettings: warningsAsErrors),

  .target(name: "TestSupport", path: "Tests/TestSupport"),
  .testTarget(name: "IDInitTests", dependencies: ["IDInit", "TestSupport"]),
  .testTarget(name: "ModelFilesTests", dependencies: ["ModelFiles", "IDInit", "TestSupport"]),
  .testTarget(
    name: "CLITests", dependencies: ["IDInitTool", "IDInit", "ModelFiles", argumentParser, "TestSupport"]),
  .testTarget(name: "ReportTests", dependencies: ["Report", "Records", "TestSupport"]),
  .target(name: "BenchmarkSupport", path: "Benchmarks/Support"),
  .executableTarget(
    name: "idinit-benchmark", dependencies: ["IDInit", "BenchmarkSupport"], path: "Benchmarks/Initialisation"),
]

if withTorch {
  let libtorch = libtorchFolder()
  let includes = ["\(libtorch)/include", "\(libtorch)/include/torch/csrc/api/include"]
  var shimFlags = includes.flatMap { ["-isystem", $0] }
  if environment["IDINIT_ANY_LIBTORCH"] == "1" { shimFlags.append("-DIDINIT_ANY_LIBTORCH") }

  products.append(.executable(name: "idinit-lab", targets: ["idinit-lab"]))
  dependencies += [
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-crypto", "3.0.0"..<"5.0.0"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.30.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/onevcat/Rainbow", from: "4.0.0"),
  ]
  let orderedCollections = Target.Dependency.product(name: "OrderedCollections", package: "swift-collections")
  let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
  let protobuf = Target.Dependency.product(name: "SwiftProtobuf", package: "swift-protobuf")
  let tomlKit = Target.Dependency.product(name: "TOMLKit", package: "TOMLKit")
  let rainbow = Target.Dependency.product(name: "Rainbow", package: "Rainbow")

  targets += [
    .target(
      name: "CTorch",
      cxxSettings: [.unsafeFlags(shimFlags)],
      linkerSettings: [
        .unsafeFlags(["-L\(libtorch)/lib", "-Xlinker", "-rpath", "-Xlinker", "\(libtorch)/lib"]),
        .linkedLibrary("torch_cpu"), .linkedLibrary("c10"),
      ]),
    .target(name: "Torch", dependencies: ["CTorch", "IDInit", orderedCollections], swiftSettings: warningsAsErrors),
    .target(name: "Networks", dependencies: ["Torch", "IDInit"], swiftSettings: warningsAsErrors),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"]), .brew(["zlib"])]),
    .target(name: "Datasets", dependencies: ["CZlib", crypto], swiftSettings: warningsAsErrors),
    .target(
      name: "Lab",
      dependencies: [
        "Records", "Networks", "Torch", "IDInit", "ModelFiles", "Datasets", orderedCollections, crypto, protobuf,
      ],
      swiftSettings: warningsAsErrors),
    .target(
      name: "Recipes",
      dependencies: ["Lab", "Networks", "Torch", "IDInit", "ModelFiles", "Datasets", orderedCollections, tomlKit],
      swiftSettings: warningsAsErrors),
    .executableTarget(
      name: "idinit-lab",
      dependencies: [
        "Recipes", "Lab", "Records", "Report", "Networks", "Torch", "Datasets", "IDInit", argumentParser, rainbow,
      ],
      swiftSettings: warningsAsErrors),

    .testTarget(name: "CTorchTests", dependencies: ["CTorch", "TestSupport"]),
    .testTarget(name: "TorchTests", dependencies: ["Torch", "CTorch", "IDInit", "TestSupport"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "Torch", "IDInit", "ModelFiles", "TestSupport"]),
    .testTarget(name: "DatasetsTests", dependencies: ["Datasets", crypto, "TestSupport"]),
    .testTarget(
      name: "LabTests",
      dependencies: ["Lab", "Recipes", "Networks", "Torch", "IDInit", "Datasets", "TestSupport", orderedCollections]),
    .testTarget(
      name: "LabCLITests",
      dependencies: ["idinit-lab", "Recipes", "Lab", "Report", "Records", argumentParser, "TestSupport"]),
    .executableTarget(
      name: "training-benchmark",
      dependencies: ["Lab", "Datasets", "Networks", "Torch", "IDInit", "BenchmarkSupport"], path: "Benchmarks/Training"),
  ]
}

let package = Package(
  name: "idinit-swift",
  platforms: [.macOS(.v13), .iOS(.v16)],
  products: products,
  dependencies: dependencies,
  targets: targets,
  swiftLanguageModes: [.v6],
  cxxLanguageStandard: .cxx20
)
