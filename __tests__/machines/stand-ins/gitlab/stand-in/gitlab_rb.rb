# Evaluates gitlab.rb as GitLab's package does, and knows nothing of what its settings mean.
class GitLabRb
  SECTIONS = Hash.new { |sections, name| sections[name] = nested }
  CALLS = {}

  def self.nested
    Hash.new { |hash, key| hash[key] = nested }
  end

  def self.evaluate(file)
    new.instance_eval(File.read(file), file)
    SECTIONS.merge(CALLS)
  end

  def method_missing(name, *arguments)
    arguments.empty? ? SECTIONS[name.to_s] : CALLS[name.to_s] = arguments.first
  end

  def respond_to_missing?(*)
    true
  end
end
