# Runs settings.rb where GitLab has the settings of the second argument, and prints what it changed and what it said.
require 'json'
require 'ostruct'
require 'stringio'

CHANGES = []

class ApplicationSetting < OpenStruct
  def self.current = @current ||= new(JSON.parse(ARGV.fetch(1)))

  def update!(values)
    CHANGES << values
    values.each { |name, value| self[name] = value }
  end
end

module Feature
  def self.enable(flag) = CHANGES << { flag => true }
end

$stdout = StringIO.new
2.times { load ARGV.fetch(0) }
STDOUT.puts JSON.generate({ changes: CHANGES, said: $stdout.string.lines(chomp: true) })
