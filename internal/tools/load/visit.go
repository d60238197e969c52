package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// counterHost is where the counter listens: this machine by another number, on the program's own port, so that the
// program answers to it when it is told the name.
const counterHost = "127.0.0.2"

// counter stands between a browser and a program. What it counts is what a browser costs, whoever of its pages, frames
// and workers asks.
type counter struct {
	listener net.Listener
	target   string

	mu       sync.Mutex
	requests []string // guarded by mu
	bytes    int      // that went to the browser, heads included; guarded by mu
}

func openCounter(address string) (*counter, error) {
	target := strings.TrimPrefix(address, "http://")
	_, port, err := net.SplitHostPort(target)
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", net.JoinHostPort(counterHost, port))
	if err != nil {
		return nil, err
	}
	c := &counter{listener: l, target: target}
	go c.accept()
	return c, nil
}

func (c *counter) accept() {
	for {
		browser, err := c.listener.Accept()
		if err != nil {
			return
		}
		server, err := net.Dial("tcp", c.target)
		if err != nil {
			_ = browser.Close()
			continue
		}
		go c.carry(server, browser, c.noteRequest)
		go c.carry(browser, server, c.noteBytes)
	}
}

func (c *counter) carry(to, from net.Conn, note func([]byte)) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		note(buffer[:n])
		if _, failed := to.Write(buffer[:n]); err != nil || failed != nil {
			return
		}
	}
}

func (c *counter) noteRequest(b []byte) {
	line, _, _ := strings.Cut(string(b), "\r\n")
	if fields := strings.Fields(line); len(fields) == 3 && strings.HasPrefix(fields[2], "HTTP/1") {
		c.mu.Lock()
		defer c.mu.Unlock()
		path, _, _ := strings.Cut(fields[1], "?")
		c.requests = append(c.requests, path)
	}
}

func (c *counter) noteBytes(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bytes += len(b)
}

// take gives what was counted since the last time.
func (c *counter) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	n, size := len(c.requests), c.bytes
	c.requests, c.bytes = nil, 0
	return fmt.Sprintf("%.1f kB, %d requests", float64(size)/1000, n)
}

// visitFor is how long a page is left alone before it is counted: what it loads by itself is loaded then.
const visitFor = 3 * time.Second

// countVisits lets a real browser open the table twice and counts both visits; nothing where there is no Chromium.
func countVisits(p *program, path string, session []*http.Cookie) (first, second string, err error) {
	browser := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			browser = found
			break
		}
	}
	if browser == "" {
		return "no browser", "no browser", nil
	}
	c, err := openCounter(p.desk)
	if err != nil {
		return "", "", err
	}
	defer c.listener.Close()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	outer, stop := chromedp.NewExecAllocator(context.Background(), options...)
	defer stop()
	ctx, cancel := chromedp.NewContext(outer)
	defer cancel()
	address := "http://" + c.listener.Addr().String() + path
	if err := chromedp.Do(ctx, chromedp.Steps()); err != nil {
		return "", "", err
	}
	for _, cookie := range session {
		host, _ := url.Parse(address)
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{
			Name: cookie.Name, Value: cookie.Value, Domain: host.Hostname(), Path: "/",
		})
		if err != nil {
			return "", "", err
		}
	}
	var visits []string
	for range 2 {
		if err := chromedp.Do(ctx, chromedp.Navigate(address)); err != nil {
			return "", "", err
		}
		time.Sleep(visitFor)
		visits = append(visits, c.take())
		if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
			return "", "", err
		}
		c.take()
	}
	return visits[0], visits[1], nil
}
