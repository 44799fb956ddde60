# Application settings that gitlab.rb has no keys for. `gitlab-rails runner` executes it; what is set already stays.
settings = ApplicationSetting.current || ApplicationSetting.create_from_defaults

# With several nodes, a job's log must reach object storage while the job runs. A feature flag until 17.10.
wanted = { authorized_keys_enabled: false }
if settings.respond_to?(:ci_job_live_trace_enabled)
  wanted[:ci_job_live_trace_enabled] = true
else
  Feature.enable(:ci_enable_live_trace)
end

changes = wanted.reject { |name, value| settings.public_send(name) == value }
settings.update!(changes) unless changes.empty?
puts "Settings: #{changes.empty? ? 'nothing to change' : changes.map { |change| change.join(' ') }.join(', ')}"
