package config

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"pult/domain"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The set… functions below read one written value each. Their errors end the
// sentence "line 7: [server] listen: …": what is wrong; what to write instead.

func setText(to *string, value string) error {
	*to = value
	return nil
}

func setBool(to *bool, value string) error {
	switch strings.ToLower(value) {
	case "true", "yes", "on", "1":
		*to = true
	case "false", "no", "off", "0":
		*to = false
	default:
		return fmt.Errorf("%q is neither true nor false; write true or false", value)
	}
	return nil
}

func setChoice(to *string, value string, choices ...string) error {
	if !slices.Contains(choices, value) {
		return fmt.Errorf("%q is not possible; write %s", value, joinChoices(choices))
	}
	*to = value
	return nil
}

func setLevel(to *slog.Level, value string) error {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	level, ok := levels[value]
	if !ok {
		return fmt.Errorf("%q is not a level; write debug, info, warn or error", value)
	}
	*to = level
	return nil
}

// setAddress wants host:port. A name as host is not looked up here: it may
// resolve only once the network is up.
func setAddress(to *string, value string) error {
	const instead = "write host:port, for example 127.0.0.1:7858 or [::1]:7858"
	host, port, err := net.SplitHostPort(value)
	if err != nil {
		return fmt.Errorf("%q is not an address; %s", value, instead)
	}
	if _, err := strconv.ParseUint(port, 10, 16); err != nil {
		return fmt.Errorf("%q is not a port; write a number from 0 to 65535", port)
	}
	if host != "" && !domain.ValidHost(host) {
		return fmt.Errorf("%q is not a host; %s", host, instead)
	}
	*to = value
	return nil
}

func hasPortZero(address string) bool {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	number, err := strconv.Atoi(port)
	return err == nil && number == 0
}

func setOrigin(to *domain.Origin, value string) error {
	if value == "" {
		*to = domain.Origin{}
		return nil
	}
	origin, err := domain.ParseOrigin(value)
	if err == nil {
		*to = origin
	}
	return err
}

func setHosts(to *[]string, value string) error {
	var hosts []string
	for _, host := range splitItems(value) {
		if !domain.ValidHost(host) {
			return fmt.Errorf(
				"%q is not a host name; write names alone, without https:// and port, separated by commas",
				host,
			)
		}
		hosts = append(hosts, strings.ToLower(host))
	}
	*to = hosts
	return nil
}

func setPrefixes(to *[]netip.Prefix, value string) error {
	var prefixes []netip.Prefix
	for _, part := range splitItems(value) {
		prefix, err := parsePrefix(part)
		if err != nil {
			return err
		}
		prefixes = append(prefixes, prefix)
	}
	*to = prefixes
	return nil
}

// parsePrefix reads one address as the network of itself alone. A network with
// host bits is refused: 10.0.0.7/8 trusts far more than its writer thinks.
func parsePrefix(part string) (netip.Prefix, error) {
	if addr, err := netip.ParseAddr(part); err == nil && addr.Zone() == "" {
		addr = addr.Unmap()
		return netip.PrefixFrom(addr, addr.BitLen()), nil
	}
	prefix, err := netip.ParsePrefix(part)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf(
			"%q is not an IP address or network; write for example 192.0.2.7 or 10.0.0.0/8",
			part,
		)
	}
	if prefix != prefix.Masked() {
		return netip.Prefix{}, fmt.Errorf(
			"%q is an address inside a network; write %s or %s",
			part,
			prefix.Addr(),
			prefix.Masked(),
		)
	}
	return prefix, nil
}

var byteSize = regexp.MustCompile(`^(\d{1,18})\s*(KiB|MiB|GiB)?$`)

var byteUnits = map[string]int64{"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "GiB": 1 << 30}

func setBytes(to *int64, value string, least, most int64) error {
	match := byteSize.FindStringSubmatch(value)
	if match == nil {
		return fmt.Errorf("%q is not a size; write a number of bytes, or one with KiB, MiB or GiB such as 4MiB", value)
	}
	number, err := strconv.ParseInt(match[1], 10, 64)
	if err != nil {
		return fmt.Errorf("%q is not a number: %w", match[1], err)
	}
	unit := byteUnits[match[2]]
	if number > most/unit || number*unit < least {
		return fmt.Errorf("%q is out of range; write %s to %s", value, formatSize(least), formatSize(most))
	}
	*to = number * unit
	return nil
}

func formatSize(bytes int64) string {
	for _, name := range []string{"GiB", "MiB", "KiB"} {
		if unit := byteUnits[name]; bytes%unit == 0 {
			return strconv.FormatInt(bytes/unit, 10) + name
		}
	}
	return strconv.FormatInt(bytes, 10)
}

func setSpan(to *time.Duration, value string, unit time.Duration, most int) error {
	number, err := strconv.Atoi(value)
	if err != nil {
		return fmt.Errorf("%q is not a whole number; write 1 to %d", value, most)
	}
	if number < 1 || number > most {
		return fmt.Errorf("%d is out of range; write 1 to %d", number, most)
	}
	*to = time.Duration(number) * unit
	return nil
}

// splitItems reads items parted by commas or spaces.
func splitItems(value string) []string {
	return strings.FieldsFunc(value, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
}

// joinChoices is "fr, cs or en"; an empty choice reads "nothing".
func joinChoices(choices []string) string {
	words := make([]string, 0, len(choices))
	for _, c := range choices {
		if c != "" {
			words = append(words, c)
		}
	}
	if len(words) < len(choices) {
		words = append(words, "nothing")
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}

// suggestKnown proposes the known word nearest to the one written, or lists all of
// them when none is near enough to be meant.
func suggestKnown(word string, known []string) string {
	nearest, best := "", 3
	for _, k := range known {
		d := editDistance(strings.ToLower(word), strings.ToLower(k))
		if len(word) > 3 && strings.HasPrefix(k, word) {
			d = 1
		}
		if d < best {
			nearest, best = k, d
		}
	}
	if nearest == "" {
		return "known are " + strings.Join(known, ", ")
	}
	return fmt.Sprintf("did you mean %q?", nearest)
}

// editDistance counts the letters to insert, remove or replace to make a into b.
func editDistance(a, b string) int {
	from, to := []rune(a), []rune(b)
	row := make([]int, len(to)+1)
	for j := range row {
		row[j] = j
	}
	for i, r := range from {
		diagonal := row[0]
		row[0] = i + 1
		for j, other := range to {
			replace := diagonal
			if r != other {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, diagonal+1)
		}
	}
	return row[len(to)]
}
