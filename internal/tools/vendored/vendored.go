// Package vendored knows which files of other people live under static/vendor: from which npm package and version they
// come, under which licence, and which bytes they must have. The tools that fetch or transform such files share it.
package vendored

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// Path is the manifest, seen from the root of the repository, where the tools are run.
const Path = "static/vendor/vendor.json"

// Manifest lists everything under static/vendor, and the files elsewhere in static that a tool made out of it.
type Manifest struct {
	Packages []Package `json:"packages"`
	Made     []Made    `json:"made"`
}

// Package is one npm package at one version.
type Package struct {
	Name    string `json:"name"`
	Version string `json:"version"`
	Licence string `json:"licence"` // an SPDX identifier
	Files   []File `json:"files"`
}

// File is one file taken unchanged out of a package.
type File struct {
	From   string `json:"from"` // path inside the package
	To     string `json:"to"`   // path below static/
	SHA256 string `json:"sha256"`
}

// Made is a file that one of our tools built from packages.
type Made struct {
	To     string   `json:"to"`   // path below static/
	Tool   string   `json:"tool"` // the folder of the tool that writes it
	From   []string `json:"from"` // names of the packages it is built from
	SHA256 string   `json:"sha256"`
}

// Load reads the manifest at path.
func Load(path string) (Manifest, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return Manifest{}, fmt.Errorf("vendored: read manifest: %w", err)
	}
	var m Manifest
	if err := json.Unmarshal(raw, &m); err != nil {
		return Manifest{}, fmt.Errorf("vendored: read manifest %s: %w", path, err)
	}
	return m, nil
}

// Save writes the manifest to path, indented so that a change is easy to review.
func (m Manifest) Save(path string) error {
	raw, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return fmt.Errorf("vendored: write manifest: %w", err)
	}
	if err := os.WriteFile(path, append(raw, '\n'), 0o644); err != nil {
		return fmt.Errorf("vendored: write manifest: %w", err)
	}
	return nil
}

// Package finds a package by its npm name.
func (m Manifest) Package(name string) (Package, error) {
	for _, p := range m.Packages {
		if p.Name == name {
			return p, nil
		}
	}
	return Package{}, fmt.Errorf("vendored: package %q is not in the manifest", name)
}

// Sum is the SHA-256 of body as lower-case hexadecimal digits, the form the manifest uses.
func Sum(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// Fetch downloads a package with "npm pack" and returns the wanted files by their path inside it.
// It needs npm on the PATH and fails when a wanted file is not in the package.
func Fetch(ctx context.Context, p Package, want ...string) (map[string][]byte, error) {
	dir, err := os.MkdirTemp("", "vendored")
	if err != nil {
		return nil, fmt.Errorf("vendored: fetch %s: %w", p.Name, err)
	}
	defer os.RemoveAll(dir)

	cmd := exec.CommandContext(ctx, "npm", "pack", "--silent", p.Name+"@"+p.Version)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("vendored: npm pack %s@%s: %w", p.Name, p.Version, err)
	}
	archive, err := os.ReadFile(filepath.Join(dir, strings.TrimSpace(string(out))))
	if err != nil {
		return nil, fmt.Errorf("vendored: fetch %s: %w", p.Name, err)
	}
	files, err := unpackArchive(archive, want)
	if err != nil {
		return nil, fmt.Errorf("vendored: unpack %s@%s: %w", p.Name, p.Version, err)
	}
	return files, nil
}

// unpackArchive reads the wanted files out of an npm archive, in which every path begins with one folder of any name.
func unpackArchive(archive []byte, want []string) (map[string][]byte, error) {
	missing := make(map[string]bool, len(want))
	for _, name := range want {
		missing[name] = true
	}
	zipped, err := gzip.NewReader(bytes.NewReader(archive))
	if err != nil {
		return nil, err
	}
	found := make(map[string][]byte, len(want))
	for r := tar.NewReader(zipped); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		_, name, _ := strings.Cut(header.Name, "/")
		if !missing[name] {
			continue
		}
		if found[name], err = io.ReadAll(r); err != nil {
			return nil, err
		}
		delete(missing, name)
	}
	for name := range missing {
		return nil, fmt.Errorf("%s is not in the package", name)
	}
	return found, nil
}
