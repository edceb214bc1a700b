package store

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"gorm.io/gorm"

	"github.com/latchdesk/latchdesk/data"
)

// Settings reads the profile's settings, with what is right for most where
// nothing was chosen.
func (r *Queries) Settings(ctx context.Context) (data.Settings, error) {
	return findSettings(r.db.WithContext(ctx))
}

// Settings reads the settings within the transaction.
func (t *Tx) Settings() (data.Settings, error) { return findSettings(t.db) }

func findSettings(db *gorm.DB) (data.Settings, error) {
	var rows []struct{ Key, Value string }
	if err := db.Raw("SELECT key, value FROM settings").Scan(&rows).Error; err != nil {
		return data.Settings{}, fmt.Errorf("read the settings: %w", err)
	}
	s := data.Settings{Theme: "system", Notify: true, Width: 1280, Height: 800, Split: 360}
	for _, row := range rows {
		switch row.Key {
		case "agent":
			s.Agent = row.Value
		case "country":
			s.Country = row.Value
		case "theme":
			s.Theme = row.Value
		case "notify":
			s.Notify = row.Value == "true"
		case "width":
			s.Width = size(row.Value, s.Width)
		case "height":
			s.Height = size(row.Value, s.Height)
		case "split":
			s.Split = size(row.Value, s.Split)
		case "demo":
			s.Demo = row.Value == "true"
		case "serve":
			s.Serve = row.Value == "true"
		case "listen":
			s.Listen = row.Value
		}
	}
	return s, nil
}

func size(text string, otherwise float32) float32 {
	v, err := strconv.ParseFloat(text, 32)
	if err == nil && v >= 100 && v <= 10_000 {
		return float32(v)
	}
	return otherwise // NaN, too
}

// SaveSettings writes all settings but whether it is a demo.
func (t *Tx) SaveSettings(s data.Settings) error {
	for key, value := range map[string]string{
		"agent":   s.Agent,
		"country": s.Country,
		"theme":   s.Theme,
		"notify":  strconv.FormatBool(s.Notify),
		"width":   formatSize(s.Width),
		"height":  formatSize(s.Height),
		"split":   formatSize(s.Split),
		"serve":   strconv.FormatBool(s.Serve),
		"listen":  s.Listen,
	} {
		if err := t.set(key, value); err != nil {
			return err
		}
	}
	return nil
}

func formatSize(v float32) string { return strconv.FormatFloat(float64(v), 'f', 0, 32) }

// MarkDemo marks the database as a demo. There is no way back.
func (t *Tx) MarkDemo() error { return t.set("demo", "true") }

func (t *Tx) set(key, value string) error {
	err := t.db.Exec("INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key, value).Error
	if err != nil {
		return fmt.Errorf("save the setting %s: %w", key, err)
	}
	return nil
}

// Reasons reads the reasons for a block that this desk knows.
func (r *Queries) Reasons(ctx context.Context) ([]string, error) {
	return findReasons(r.db.WithContext(ctx))
}

// Reasons reads the reasons within the transaction.
func (t *Tx) Reasons() ([]string, error) { return findReasons(t.db) }

func findReasons(db *gorm.DB) ([]string, error) {
	var kept string
	if err := db.Raw("SELECT value FROM settings WHERE key = 'reasons'").Scan(&kept).Error; err != nil {
		return nil, fmt.Errorf("read the reasons: %w", err)
	}
	if kept == "" {
		return data.DefaultReasons, nil
	}
	return strings.Split(kept, "\n"), nil
}

// SaveReasons keeps the reasons for a block, none of which holds a line break.
func (t *Tx) SaveReasons(reasons []string) error {
	return t.set("reasons", strings.Join(reasons, "\n"))
}
