// Command vendorjs fetches the vendored packages again and compares every file with static/vendor/vendor.json.
// With -write it copies the files into static/ and records their checksums: that is how a version is raised.
//
//	go run ./internal/tools/vendorjs
//	go run ./internal/tools/vendorjs -write
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"pult/internal/tools/vendored"
)

func main() {
	write := flag.Bool("write", false, "copy the files and record their checksums instead of comparing")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *write); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, write bool) error {
	manifest, err := vendored.Load(vendored.Path)
	if err != nil {
		return err
	}
	for i := range manifest.Packages {
		if err := checkPackage(ctx, &manifest.Packages[i], write); err != nil {
			return err
		}
	}
	if !write {
		return nil
	}
	for i := range manifest.Made {
		body, err := os.ReadFile(filepath.Join("static", manifest.Made[i].To))
		if err != nil {
			return fmt.Errorf("vendorjs: %w", err)
		}
		manifest.Made[i].SHA256 = vendored.Sum(body)
	}
	return manifest.Save(vendored.Path)
}

// checkPackage downloads one package and compares its files with the manifest, or takes them over when write is set.
func checkPackage(ctx context.Context, p *vendored.Package, write bool) error {
	want := make([]string, len(p.Files))
	for i, f := range p.Files {
		want[i] = f.From
	}
	bodies, err := vendored.Fetch(ctx, *p, want...)
	if err != nil {
		return err
	}
	for i := range p.Files {
		f := &p.Files[i]
		sum := vendored.Sum(bodies[f.From])
		if !write && sum != f.SHA256 {
			return fmt.Errorf("vendorjs: %s of %s@%s: got sha256 %s, want %s", f.From, p.Name, p.Version, sum, f.SHA256)
		}
		if !write {
			continue
		}
		f.SHA256 = sum
		if err := writeFile(filepath.Join("static", f.To), bodies[f.From]); err != nil {
			return err
		}
	}
	return nil
}

func writeFile(path string, body []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("vendorjs: %w", err)
	}
	if err := os.WriteFile(path, body, 0o644); err != nil {
		return fmt.Errorf("vendorjs: %w", err)
	}
	return nil
}
