/// The version of this package, as `idinit --version` and records of experiments give it (CHANGELOG.md).
public enum PackageVersion {
  public static let current = "0.1.0"
}
